"""A file of a run as an answer: always a download, and written down before its first byte goes."""

from typing import BinaryIO

from flask import request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.keeping.downloads import Asker, note_download
from tasks.keeping.stores import open_artifact
from tasks.models import Artifact, ArtifactStore, Delivery
from tasks.runs.files import artifact_path

SENT = (200, 206)
"""Answers with bytes of the file."""
READ_AT_ONCE = 65_536


def loaded(artifact: Artifact, *, actor: str, delivery: Delivery | None = None) -> Response:
    """Send the file and write down who loads it; raises NotFound where it is gone."""
    response = _answer(artifact)
    if request.method != "HEAD" and response.status_code in SENT:
        with transaction() as session:
            who = Asker(actor, request.remote_addr or "", delivery)
            note_download(session, artifact, who, goes_on=_goes_on(response), now=utcnow())
    return response


def shown(artifact: Artifact) -> Response:
    """Send a picture to be seen on a page; that is no download."""
    response = _answer(artifact, as_attachment=False)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _goes_on(response: Response) -> bool:
    """Whether it is a later part of the file, as a browser asks for that loads it in parts."""
    part = request.range if response.status_code == 206 else None
    return part is not None and part.ranges[0][0] not in (0, None)


def _answer(artifact: Artifact, *, as_attachment: bool = True) -> Response:
    """Return the file, or the part of it that is asked for, as an answer."""
    in_store = open_artifact(artifact) if artifact.store is ArtifactStore.REMOTE else None
    response = send_file(
        in_store or artifact_path(artifact),
        mimetype=artifact.media_type,
        as_attachment=as_attachment,
        download_name=artifact.name,
        etag=artifact.sha256,
        conditional=in_store is None,
    )
    if in_store is not None:
        _offer_parts(response, in_store, artifact.bytes)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _offer_parts(response: Response, file: BinaryIO, size: int) -> None:
    """Let a load of this file of the store that broke off go on where it was.

    The store is asked for the wanted part alone: what gunicorn wraps files in would read up to it.
    """
    response.response = FileWrapper(file, READ_AT_ONCE)
    response.content_length = size
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
