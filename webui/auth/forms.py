"""The form of the login page."""

from dataclasses import dataclass, field
from typing import Self

from flask import request
from flask_babel import gettext


@dataclass
class LoginForm:
    """A login and a password; the password is never shown again."""

    login: str = ""
    password: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_request(cls) -> Self:
        return cls(request.form.get("login", "").strip(), request.form.get("password", ""))

    @property
    def values(self) -> dict[str, str]:
        return {"login": self.login}

    def refuse(self) -> Self:
        """Say that the two do not fit, and not which of them."""
        self.errors[""] = gettext("The login or the password is not right.")
        return self
