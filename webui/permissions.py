"""What each role may do. Every view says which permission it requires, or that it is public."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from tasks.errors import Forbidden
from tasks.models import Role
from webui.entrance import ask_to_log_in

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
MARK = "orchestrator_permission"


class Permission(StrEnum):
    """What a view may ask for; each is what one role adds to the one before."""

    SEE = "see"
    OPERATE = "operate"
    EDIT = "edit"
    AUTHOR = "author"
    ADMIN = "admin"


LEAST_ROLE = dict(zip(Permission, Role, strict=True))


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who hold the permission; stands under the route."""

    def marked(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return marked


def public(view: View) -> View:
    """Mark a view as open to everybody, logged in or not."""
    setattr(view, MARK, PUBLIC)
    return view


def can(permission: Permission | str) -> bool:
    """Whether the user of this request holds the permission."""
    if not current_user.is_authenticated:
        return False
    role: Role = current_user.role
    return role.includes(LEAST_ROLE[Permission(permission)])


def actor() -> str:
    """The login of the user of this request."""
    login: str = current_user.login
    return login


def init_app(app: Flask) -> None:
    """Check the permission of each request; `can` is there in templates too."""
    app.before_request(_check)
    app.jinja_env.globals["can"] = can


def check_all_declared(app: Flask) -> None:
    """Stop the start where a view has no permission."""
    open_ended = sorted(name for name, view in app.view_functions.items() if not _declared(view))
    if open_ended:
        raise RuntimeError(f"views without @requires or @public: {', '.join(open_ended)}")


def _declared(view: Callable[..., Any]) -> Permission | str | None:
    permission: Permission | str | None = getattr(view, MARK, None)
    return permission


def _check() -> Response | None:
    if request.endpoint is None:  # no such page; the 404 tells nothing that is not public
        return None
    permission = _declared(current_app.view_functions[request.endpoint])
    if permission == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return ask_to_log_in()
    if permission is None or not can(permission):
        raise Forbidden("Your role does not allow this. Ask an administrator for it.")
    return None
