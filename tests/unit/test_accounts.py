"""Users, their passwords and their roles."""

import pytest
from sqlalchemy import func, select

from tasks import accounts
from tasks.accounts import authenticate, change_password, create_user, normalised, set_role
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid
from tasks.models import Role, User, WebSession
from tests.support.factories import a_user

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def password_hash() -> str:
    """The hash of the password, which is slow to make by intent."""
    return accounts.HASHER.hash(PASSWORD)


@pytest.fixture(autouse=True)
def ayse(sqlite_database: str, password_hash: str) -> User:
    """A viewer with a password."""
    return a_user("ayse", Role.VIEWER, password_hash=password_hash)


def _knows(login: str, password: str) -> bool:
    with transaction() as session:
        return authenticate(session, login, password) is not None


@pytest.mark.parametrize("login", ["ayse", "AYSE", "  ayse "])
def test_a_login_is_known_in_any_case_and_with_spaces_around_it(login: str) -> None:
    assert _knows(login, PASSWORD)


@pytest.mark.parametrize(("login", "kept"), [("İLKER", "ilker"), ("IŞIL", "işil")])
def test_a_turkish_login_is_kept_in_one_way(login: str, kept: str) -> None:
    assert normalised(login) == kept


@pytest.mark.parametrize(
    ("login", "password"), [("ayse", PASSWORD + " "), ("ayse", ""), ("nobody", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_login_are_refused(login: str, password: str) -> None:
    assert not _knows(login, password)


def test_an_unknown_login_costs_a_check_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    fits = accounts._fits

    def remember(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return fits(password_hash, password)

    monkeypatch.setattr(accounts, "_fits", remember)
    assert not _knows("nobody", PASSWORD)
    assert checked
    assert checked[0].startswith("$argon2id$")


def test_an_inactive_user_is_refused(ayse: User) -> None:
    with transaction() as session:
        session.get_one(User, ayse.id).is_active = False
    assert not _knows("ayse", PASSWORD)


def test_the_password_is_kept_as_an_argon2_hash_only() -> None:
    with transaction() as session:
        made = create_user(session, " Mehmet ", PASSWORD, Role.VIEWER)
    assert made.password_hash.startswith("$argon2id$")
    assert PASSWORD not in made.password_hash
    assert _knows("mehmet", PASSWORD)


def test_a_login_is_given_once() -> None:
    with pytest.raises(Conflict, match="“ayse” already"), transaction() as session:
        create_user(session, "AYSE", PASSWORD, Role.ADMIN)


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1_001])
def test_a_password_has_a_least_and_a_most_length(password: str) -> None:
    with pytest.raises(Invalid) as caught, transaction() as session:
        create_user(session, "mehmet", password, Role.VIEWER)
    assert caught.value.field == "password"


@pytest.mark.parametrize("login", ["", "  ", "two words", "x" * 121, "bell\x07"])
def test_a_login_is_one_word(login: str) -> None:
    with pytest.raises(Invalid) as caught, transaction() as session:
        create_user(session, login, PASSWORD, Role.VIEWER)
    assert caught.value.field == "login"


def test_a_new_password_ends_the_sessions_of_the_old_one(ayse: User) -> None:
    with transaction() as session:
        session.add(WebSession(token_sha256="0" * 64, user_id=ayse.id, expires_at=utcnow()))
        change_password(session, session.get_one(User, ayse.id), "another good one")
    assert not _knows("ayse", PASSWORD)
    assert _knows("ayse", "another good one")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_the_last_administrator_stays_one(ayse: User) -> None:
    with transaction() as session:
        user = session.get_one(User, ayse.id)
        set_role(session, user, Role.ADMIN)
    with pytest.raises(Conflict, match="only administrator"), transaction() as session:
        set_role(session, session.get_one(User, ayse.id), Role.VIEWER)


def test_an_administrator_beside_another_may_become_less(ayse: User) -> None:
    with transaction() as session:
        create_user(session, "mehmet", PASSWORD, Role.ADMIN)
        user = session.get_one(User, ayse.id)
        set_role(session, user, Role.ADMIN)
        set_role(session, user, Role.EDITOR)
        assert user.role is Role.EDITOR
