"""Sessions in the table `web_session`: the cookie holds a random token, the row its sha256."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask import session as current_session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import User, WebSession
from tasks.settings import Settings
from webui.database import db

log = getLogger(__name__)

COOKIE = "orchestrator_session"
LIFETIME = timedelta(hours=12)
LIFETIME_OF_A_GUEST = timedelta(hours=1)
WRITE_EVERY = timedelta(minutes=5)
"""How far the expiry may lag behind, so that most requests write nothing."""
WITHOUT_SESSION = ("/static/", "/files/", "/healthz", "/readyz", "/metrics")
NO_PAGE = (404, 405)
USER_KEY = "_user_id"
"""Where flask-login keeps the id of the user."""


@dataclass
class Kept:
    """The row that a session came from."""

    id: int
    expires_at: datetime


class RowSession(CallbackDict[str, Any], SessionMixin):
    """What a session holds, and the row it came from, if any."""

    def __init__(self, content: dict[str, Any] | None = None, kept: Kept | None = None) -> None:
        super().__init__(content or {}, on_update=RowSession._changed)
        self.kept = kept
        self.modified = False
        self.rotate = False
        self.to_be_kept = True
        self.user: User | None = None
        """Held here, so that `db.session` still knows it when flask-login asks for it."""
        self.trouble: SQLAlchemyError | None = None
        """Why the session could not be read; the request is then answered with 503."""

    def _changed(self) -> None:
        self.modified = True

    @property
    def user_id(self) -> int | None:
        return int(self[USER_KEY]) if USER_KEY in self else None

    def lifetime(self) -> timedelta:
        return LIFETIME_OF_A_GUEST if self.user_id is None else LIFETIME


class RowSessions(SessionInterface):
    """Opens and keeps the sessions; the row of a session and its user are one SELECT."""

    def open_session(self, _app: Flask, request: Request) -> RowSession:
        token = request.cookies.get(COOKIE, "")
        if request.path.startswith(WITHOUT_SESSION):
            return _nobodys()
        if not token:
            return RowSession()
        try:
            return _read(token)
        except SQLAlchemyError as error:
            session = _nobodys()
            session.trouble = error
            return session

    def save_session(self, _app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, RowSession) or not session.to_be_kept:
            return
        try:
            self._save(session, response)
        except SQLAlchemyError:
            session.to_be_kept = False  # the page that says so comes by here again
            raise

    def _save(self, session: RowSession, response: Response) -> None:
        now = utcnow()
        if session.modified and not session:
            _remove(session)
            if request.cookies.get(COOKIE):
                response.delete_cookie(COOKIE, **_cookie_options())
        elif session.modified and session.kept is None and response.status_code in NO_PAGE:
            return  # only a form for guests was drawn; whoever guesses addresses fills no table
        elif session.modified and (session.kept is None or session.rotate):
            token = _add(session, now)
            response.set_cookie(COOKIE, token, **_cookie_options())
        elif session.modified:
            _write(session, now, content=dict(session), user_id=session.user_id)
        elif session.kept and session.kept.expires_at < now + session.lifetime() - WRITE_EVERY:
            _write(session, now)


def init_app(app: Flask) -> None:
    """Use these sessions; a page whose session cannot be read is not answered as a guest's."""
    app.session_interface = RowSessions()
    app.before_request(_refuse_unreadable)


def begin_anew() -> None:
    """Empty this request's session and give it another token, as at login."""
    session = _of_request()
    session.clear()
    session.rotate = True


def end() -> None:
    """Forget this request's session; its row and its cookie go with the answer."""
    _of_request().clear()


def trouble() -> SQLAlchemyError | None:
    """Why this request's session could not be read, or None where it could."""
    return _of_request().trouble


def _of_request() -> RowSession:
    session = current_session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(session, RowSession)  # noqa: S101 (set by init_app)
    return session


def _refuse_unreadable() -> None:
    if (error := trouble()) is not None:
        raise error


def _nobodys() -> RowSession:
    """A session for this request alone; neither its row nor its cookie is touched."""
    session = RowSession()
    session.to_be_kept = False
    return session


def _read(token: str) -> RowSession:
    query = (
        select(WebSession, User)
        .outerjoin(User, User.id == WebSession.user_id)
        .where(WebSession.token_sha256 == _digest(token), WebSession.expires_at > utcnow())
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return RowSession()
    row, user = found
    session = RowSession(dict(row.content), Kept(row.id, row.expires_at))
    session.user = user
    return session


def _add(session: RowSession, now: datetime) -> str:
    """Write a new row and return its token; what has expired is swept out at the same time."""
    token = secrets.token_urlsafe(32)
    with transaction() as writing:
        writing.execute(delete(WebSession).where(WebSession.expires_at <= now))
        if session.kept is not None:
            writing.execute(delete(WebSession).where(WebSession.id == session.kept.id))
        writing.add(
            WebSession(
                token_sha256=_digest(token),
                user_id=session.user_id,
                content=dict(session),
                expires_at=now + session.lifetime(),
            )
        )
    return token


def _write(session: RowSession, now: datetime, **values: Any) -> None:
    if session.kept is None:
        return
    values["expires_at"] = now + session.lifetime()
    try:
        with transaction() as writing:
            row = update(WebSession).where(WebSession.id == session.kept.id)
            writing.execute(row.values(**values))
    except SQLAlchemyError as error:
        # What the request was for is done; to answer now that it failed would be wrong.
        log.warning("session was not written", extra={"why": str(error)})


def _remove(session: RowSession) -> None:
    if session.kept is None:
        return
    with transaction() as writing:
        writing.execute(delete(WebSession).where(WebSession.id == session.kept.id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _cookie_options() -> dict[str, Any]:
    current: Settings = current_app.extensions["orchestrator"]
    return {"httponly": True, "samesite": "Lax", "secure": current.cookie_secure, "path": "/"}
