"""Static files from memory, compressed once, under addresses that change with their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, g, request, url_for
from werkzeug.security import safe_join

from webui.compression import is_text, takes_gzip
from webui.permissions import public

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
KEPT_FILES = 500


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file's bytes, plain and compressed, and the version that its address carries."""

    media_type: str
    plain: bytes
    compressed: bytes | None
    version: str


def init_app(app: Flask, folder: Path) -> None:
    """Serve the folder under /static; `asset("css/app.css")` is the versioned address of a file."""

    @public
    def send(filename: str) -> Response:
        file = find(folder, filename)
        if file is None:
            abort(404)
        return _answer(file)

    def asset(filename: str) -> str:
        known: dict[str, str] = g.setdefault("assets", {})  # a page of rows asks for many icons
        if filename not in known:
            known[filename] = _address(folder, filename)
        return known[filename]

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=send)
    app.jinja_env.globals["asset"] = asset


def _address(folder: Path, filename: str) -> str:
    file = find(folder, filename)
    if file is None:
        raise LookupError(f"there is no static file {filename}")
    return url_for("static", filename=filename, v=file.version)


def find(folder: Path, filename: str) -> StaticFile | None:
    """Return the file of this name in the folder, None where there is none."""
    name = safe_join(str(folder), filename)
    if name is None:
        return None
    try:
        status = Path(name).stat()
        return _load(Path(name), status.st_mtime_ns, status.st_size)
    except OSError:
        return None


@lru_cache(maxsize=KEPT_FILES)
def _load(path: Path, _changed: int, _size: int) -> StaticFile:
    plain = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    compressed = gzip.compress(plain, 9, mtime=0) if is_text(media_type) else None
    return StaticFile(media_type, plain, compressed, hashlib.sha256(plain).hexdigest()[:12])


def _answer(file: StaticFile) -> Response:
    zipped = file.compressed if takes_gzip() else None
    response = Response(file.plain if zipped is None else zipped, mimetype=file.media_type)
    if zipped is not None:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    current = request.args.get("v") == file.version
    response.headers["Cache-Control"] = FOREVER if current else ASK_AGAIN
    response.set_etag(file.version + ("-gz" if zipped is not None else ""))
    return response.make_conditional(request)  # type: ignore[return-value]
