"""The two forms of a person's own page."""

from typing import Self

from flask import request

from tasks.models import User
from webui.forms import Form, typed
from webui.i18n import LANGUAGES


class AccountForm(Form):
    """Where and in which language the person is told, and whether once a week too."""

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            {
                "email": user.email or "",
                "language": user.language or "",
                "wants_digest": user.wants_digest,
            }
        )

    @classmethod
    def sent(cls) -> Self:
        language = typed("language")
        return cls(
            {
                "email": typed("email"),
                "language": language if language in LANGUAGES else "",
                "wants_digest": "wants_digest" in request.form,
            }
        )


class PasswordForm(Form):
    """The password as it was and as it shall be; neither is ever shown again."""

    @classmethod
    def empty(cls) -> Self:
        return cls({"current": "", "password": ""})
