"""The user of a request, as flask-login knows them."""

from dataclasses import dataclass
from typing import Self

from flask import Flask
from flask_login import LoginManager

from tasks.models import Role, User
from webui.database import db
from webui.entrance import ask_to_log_in


@dataclass(frozen=True, slots=True)
class Person:
    """What views and templates may know of the user who is logged in."""

    id: int
    login: str
    full_name: str
    role: Role
    language: str | None
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.id, user.login, user.full_name, user.role, user.language)

    @property
    def name(self) -> str:
        return self.full_name or self.login

    def get_id(self) -> str:
        """The id as flask-login keeps it in the session."""
        return str(self.id)


def init_app(app: Flask) -> None:
    """Find the user by the id in the session; who was switched off is nobody at once."""
    manager = LoginManager(app)
    manager.session_protection = None  # it ties the session to the address, which may change
    manager.unauthorized_handler(ask_to_log_in)

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def load(user_id: str) -> Person | None:
        user = db.session.get(User, int(user_id))  # read with the session, so no query
        return Person.of(user) if user is not None and user.is_active else None
