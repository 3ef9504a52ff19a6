"""The Runs page against a bare page; deep pages against the first; a long history, a short one.

`python -m tests.benchmarks.runs_page` prints a JSON line for each. The bare page is Flask with a
template as a file: 50 rows by key out of the same database, without a login, a layout or a filter.
All are asked in turns, in one process, so that the machine treats them alike.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks import db
from tasks.clock import utcnow
from tasks.models import Run, TaskDefinition
from tasks.settings import settings
from tests.benchmarks.long_history import many_runs
from tests.benchmarks.page import LoggedIn
from tests.support.databases import migrate

LONG, SHORT = 1_000_000, 1_000
DAYS = 200
WARM_UP, TURNS = 20, 250
BARE_BAR, DEEP_BAR, LONG_BAR = 4.0, 1.3, 1.3

BARE_PAGE = """<!doctype html>
<title>Runs</title>
<table>
{% for run in runs %}
  <tr><td>{{ run.id }}</td><td>{{ run.state }}</td><td>{{ run.title }}</td>
  <td>{{ run.trigger }}</td><td>{{ run.triggered_by }}</td>
  <td>{{ run.started_at }}</td><td>{{ run.finished_at }}</td></tr>
{% endfor %}
</table>
"""

Ask = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one request; those of the processor do not count what else runs."""

    wall: float
    cpu: float

    @classmethod
    def median(cls, many: Sequence["Times"]) -> "Times":
        return cls(
            statistics.median(one.wall for one in many), statistics.median(one.cpu for one in many)
        )


def main() -> None:
    """Measure all pages in turns and print what they are to each other."""
    with tempfile.TemporaryDirectory(prefix="orchestrator-bench-") as folder:
        long, bare = _site(Path(folder) / "long", LONG)
        short, _ = _site(Path(folder) / "short", SHORT)
        pages: dict[str, Callable[[], None]] = {
            "bare": lambda: bare("/"),
            "first": lambda: long("/runs"),
            "deep": lambda: long(f"/runs?before={LONG // 10}"),
            "failed": lambda: long("/runs?state=failed"),
            "failed_deep": lambda: long(f"/runs?state=failed&before={LONG // 10}"),
            "short": lambda: short("/runs"),
        }
        p50 = _in_turns(pages)
    _compare("runs_page_first", p50["first"], "bare", p50["bare"], BARE_BAR)
    _compare("runs_page_deep", p50["deep"], "first", p50["first"], DEEP_BAR)
    _compare("runs_page_failed_deep", p50["failed_deep"], "failed", p50["failed"], DEEP_BAR)
    _compare("runs_page_million", p50["first"], "thousand", p50["short"], LONG_BAR)


def _in_turns(pages: Mapping[str, Callable[[], None]]) -> dict[str, Times]:
    """Return the median times of each page; the first turns compile templates and statements."""
    taken: dict[str, list[Times]] = {name: [] for name in pages}
    for turn in range(WARM_UP + TURNS):
        for name, ask in pages.items():
            times = _timed(ask)
            if turn >= WARM_UP:
                taken[name].append(times)
    return {name: Times.median(times) for name, times in taken.items()}


def _timed(ask: Callable[[], None]) -> Times:
    wall, cpu = time.perf_counter(), time.thread_time()
    ask()
    return Times(1_000 * (time.perf_counter() - wall), 1_000 * (time.thread_time() - cpu))


def _compare(name: str, ours: Times, other: str, theirs: Times, bar: float) -> None:
    ratio = ours.wall / theirs.wall
    result = {
        "benchmark": name,
        "ours_p50_ms": round(ours.wall, 2),
        f"{other}_p50_ms": round(theirs.wall, 2),
        "ratio": round(ratio, 2),
        "cpu_ratio": round(ours.cpu / theirs.cpu, 2),
        "bar": bar,
        "ok": ratio <= bar,
    }
    sys.stdout.write(json.dumps(result) + "\n")


def _site(home: Path, runs: int) -> tuple[Ask, Ask]:
    """Return how to ask a site with this many runs, and a bare page over the same database."""
    with _settings_of(home):
        migrate(settings().database)
        many_runs(runs, days=DAYS, now=_as_sqlite(utcnow()))
        browser = LoggedIn().browser
        browser.get("/runs")  # puts the CSRF token into the session, while transactions write here
        bare = _bare_site(home).test_client()

    def ask(path: str) -> None:
        assert browser.get(path).status_code == 200

    def ask_bare(path: str) -> None:
        assert bare.get(path).status_code == 200

    return ask, ask_bare


def _bare_site(home: Path) -> Flask:
    (home / "bare.html").write_text(BARE_PAGE, "utf-8")
    site = Flask("bare", template_folder=str(home))
    engine = db.engine()
    newest = (
        select(
            Run.id,
            Run.state,
            TaskDefinition.title,
            Run.trigger,
            Run.triggered_by,
            Run.started_at,
            Run.finished_at,
        )
        .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
        .where(Run.id < 10 * LONG)
        .order_by(Run.id.desc())
        .limit(50)
    )

    @site.get("/")
    def runs() -> str:
        with Session(engine) as session:
            return render_template("bare.html", runs=session.execute(newest).all())

    return site


@contextmanager
def _settings_of(home: Path) -> Iterator[None]:
    """Let settings and engine be those of this home while a site is made; it keeps its engine."""
    home.mkdir()
    os.environ["ORCHESTRATOR_HOME_DIR"] = str(home)
    os.environ["ORCHESTRATOR_SECRET_KEY"] = "a key for a benchmark only, never used elsewhere"
    settings.cache_clear()
    db.engine.cache_clear()
    yield


def _as_sqlite(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    main()
