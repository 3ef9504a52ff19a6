"""Static files from memory, compressed once, under addresses that change with their content."""

import gzip
import hashlib
import mimetypes
from collections.abc import Sequence
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
SHEETS = "sheets.css"
"""All style sheets in one file: a page asks once, and they compress better together."""
SHARED = ["tokens", "base", "shell", "button", "badge", "card", "table", "form", "notice", "dialog"]


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
    if filename == SHEETS:
        sheets = tuple(sorted((folder / "css").glob("*.css"), key=_place))
        return _load(filename, sheets, *_changes(sheets))
    name = safe_join(str(folder), filename)
    if name is None:
        return None
    try:
        return _load(filename, (Path(name),), *_changes((Path(name),)))
    except OSError:
        return None


def _place(sheet: Path) -> tuple[int, str]:
    """Where a sheet stands: what all pages share first, so that a page's own may differ."""
    place = SHARED.index(sheet.stem) if sheet.stem in SHARED else len(SHARED)
    return place, sheet.stem


def _changes(paths: Sequence[Path]) -> list[int]:
    """Return what tells that one of the files was changed since."""
    return [number for path in paths for number in (path.stat().st_mtime_ns, path.stat().st_size)]


@lru_cache(maxsize=KEPT_FILES)
def _load(name: str, paths: Sequence[Path], *_changed: int) -> StaticFile:
    plain = b"\n".join(path.read_bytes() for path in paths)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
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
