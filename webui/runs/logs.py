"""The log of a run: its last lines at once, then what is added, and the whole as a download."""

from dataclasses import dataclass
from pathlib import Path

from flask import render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tasks.errors import NotFound
from tasks.models import Run
from tasks.runs.files import attempt_log_path
from tasks.runs.log_tail import LINES, LogPart, last_lines, lines_after
from webui.database import db
from webui.permissions import Permission, requires
from webui.runs import blueprint

MOST_LINES = 3 * LINES
"""A tail that has grown to this is drawn anew with its last lines, so that no browser chokes."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a log as the page shows it."""

    run_id: int
    attempt: int
    part: LogPart
    lines: int
    """How many lines the page holds with this part."""
    is_anew: bool
    is_open: bool
    """Whether the attempt still writes."""

    @property
    def next(self) -> str:
        """The address that brings what comes after."""
        return url_for(
            "runs.log",
            run_id=self.run_id,
            attempt=self.attempt,
            offset=self.part.offset,
            lines=self.lines,
        )


def tail_of(run: Run, attempt: int) -> Tail | None:
    """Return the last lines of an attempt's log; None where no attempt was made."""
    if attempt == 0:
        return None
    part = last_lines(attempt_log_path(run.id, attempt))
    return _tail(run, attempt, part, part.text.count("\n"), is_anew=True)


@blueprint.get("/runs/<int:run_id>/attempts/<int:attempt>/log")
@requires(Permission.SEE)
def log(run_id: int, attempt: int) -> str:
    """What was added after `?offset=`; the last lines again where the page holds too many."""
    run = _run(run_id)
    offset, lines = request.args.get("offset", 0, type=int), request.args.get("lines", 0, type=int)
    path = _path(run, attempt)
    part = lines_after(path, max(offset, 0))
    lines += part.text.count("\n")
    if lines > MOST_LINES or part.offset < offset:
        part = last_lines(path)
        tail = _tail(run, attempt, part, part.text.count("\n"), is_anew=True)
    else:
        tail = _tail(run, attempt, part, lines, is_anew=False)
    return render_template("runs/_log_more.html", tail=tail)


@blueprint.get("/runs/<int:run_id>/attempts/<int:attempt>/log.txt")
@requires(Permission.SEE)
def whole_log(run_id: int, attempt: int) -> Response:
    """The whole log of an attempt as a download."""
    path = _path(_run(run_id), attempt)
    if not path.is_file():
        raise NotFound("Attempt {attempt} of run {run} has no log.", attempt=attempt, run=run_id)
    return send_file(
        path,
        mimetype="text/plain; charset=utf-8",
        as_attachment=True,
        download_name=path.name,
        conditional=False,
    )


def _tail(run: Run, attempt: int, part: LogPart, lines: int, *, is_anew: bool) -> Tail:
    is_open = not run.state.is_final and attempt == run.attempt
    return Tail(run.id, attempt, part, lines, is_anew, is_open)


def _run(run_id: int) -> Run:
    run = db.session.get(Run, run_id)
    if run is None:
        raise NotFound("There is no run {id}.", id=run_id)
    return run


def _path(run: Run, attempt: int) -> Path:
    if not 1 <= attempt <= run.attempt:
        raise NotFound("Run {run} has no attempt {attempt}.", run=run.id, attempt=attempt)
    return attempt_log_path(run.id, attempt)
