"""The form's part about the password of Excel files: it goes in, and never comes out."""

from collections.abc import Mapping
from typing import Any

from flask import request

from tasks.encryption import encrypt
from tasks.reports.workbooks.passwords import FIELD, check_password
from webui.forms import Form
from webui.masks import masked

OFF = "file_password_off"


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return {FIELD: "", OFF: False}


def shown(_kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept, without what is in them."""
    return empty()


def sent() -> dict[str, Any]:
    """The controls as they were sent; spaces belong to a password."""
    return {FIELD: request.form.get(FIELD, ""), OFF: OFF in request.form}


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them: what is not typed anew stays; raises Invalid."""
    typed = str(form.values.get(FIELD, ""))
    if typed:
        check_password(typed)
        return {FIELD: encrypt(typed)}
    return {FIELD: "" if form.values.get(OFF) else kept_of(form)}


def kept_of(form: Form) -> str:
    """Return the encrypted password that the task has; empty for none."""
    kept: Mapping[str, Any] = getattr(form, "kept", {})
    return str(kept.get(FIELD) or "")


def words(given: str, before: object) -> str:
    """Say that a version has a password, and whether it is another one than before."""
    return masked(changed=before not in (None, "", given)) if given else ""
