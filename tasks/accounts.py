"""Who may log in: users, their passwords and their roles."""

from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tasks.addresses import checked_addresses
from tasks.errors import Conflict, Invalid
from tasks.models import Role, User, WebSession
from tasks.recipients import check_inside

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
LONGEST_LOGIN = 120

HASHER = PasswordHasher()


def create_user(
    session: Session, login: str, password: str, role: Role, full_name: str = ""
) -> User:
    """Add a user; raises Invalid for a bad login or password, Conflict for a login in use."""
    name = normalised(login)
    _check_login(name)
    if _user(session, name) is not None:
        raise Conflict("There is a user “{login}” already. Choose another login.", login=name)
    user = User(login=name, password_hash=_hashed(password), role=role, full_name=full_name.strip())
    session.add(user)
    session.flush()
    return user


def authenticate(session: Session, login: str, password: str) -> User | None:
    """Return the active user of this login and password, else None, after the same work."""
    user = _user(session, normalised(login))
    known = user is not None and user.is_active
    fits = _fits(user.password_hash if user is not None and known else _nobodys_hash(), password)
    return user if known and fits else None


def change_password(session: Session, user: User, password: str) -> None:
    """Give the user a new password and end the sessions that the old one opened."""
    user.password_hash = _hashed(password)
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))


def set_email(user: User, email: str) -> None:
    """Write where the user is told of tasks; nothing for nowhere. Raises Invalid."""
    address = email.strip()
    if not address:
        user.email, user.wants_digest = None, False
        return
    checked_addresses([address], field="email")
    check_inside([address], field="email")
    user.email = address


def want_digest(user: User, *, wanted: bool, now: datetime) -> None:
    """Let the user get the letter of the week from the next one on, or no more."""
    if wanted and user.email is None:
        raise Invalid("Give a mail address: the letter goes there.", field="email")
    if wanted and not user.wants_digest:
        user.digest_sent_at = now
    user.wants_digest = wanted


def set_role(session: Session, user: User, role: Role) -> None:
    """Give the user another role; raises Conflict where nobody would be left to administer."""
    if user.role is Role.ADMIN and role is not Role.ADMIN and _is_last_admin(session, user):
        raise Conflict(
            "“{login}” is the only administrator. Make somebody else one first.", login=user.login
        )
    user.role = role


def normalised(login: str) -> str:
    """Return the login as it is kept: without spaces around it, in small letters."""
    return login.strip().replace("İ", "i").lower()


def _user(session: Session, login: str) -> User | None:
    return session.scalar(select(User).where(User.login == login))


def _check_login(login: str) -> None:
    if not login:
        raise Invalid("Give the user a login.", field="login")
    if len(login) > LONGEST_LOGIN or not login.isprintable() or " " in login:
        raise Invalid(
            "A login has no spaces and at most {most} characters.",
            field="login",
            most=LONGEST_LOGIN,
        )


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "A password has at least {least} characters.", field="password", least=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            "A password has at most {most} characters.", field="password", most=LONGEST_PASSWORD
        )
    return HASHER.hash(password)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """A hash that nothing fits, so that an unknown login takes as long as a wrong password."""
    return HASHER.hash("nobody")[:-4] + "AAAA"


def _is_last_admin(session: Session, user: User) -> bool:
    others = select(func.count()).where(User.role == Role.ADMIN, User.is_active, User.id != user.id)
    return not session.scalar(others)
