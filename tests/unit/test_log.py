"""What a line of the log says, and what it never says."""

import logging
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tasks import log
from tasks.log import LineFormatter
from tasks.settings import settings

ISTANBUL = ZoneInfo("Europe/Istanbul")


def a_record(
    message: str, *args: object, name: str = "tasks.runs", **extra: object
) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)
    record.created = 0.0
    vars(record).update(extra)
    return record


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of its own, and the logging of the test run put back afterwards."""
    monkeypatch.setenv("ORCHESTRATOR_HOME_DIR", str(tmp_path))
    settings.cache_clear()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield tmp_path
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    settings.cache_clear()


def test_a_line_says_when_where_what_and_the_fields() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("run finished", run_id=7, task="open orders"))
    assert line.startswith("1970-01-01T02:00:00.000+02:00 INFO tasks.runs[")
    assert line.endswith("] run finished run_id=7 task='open orders'")


def test_a_field_named_like_a_secret_is_masked() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("user added", password="tulip", token="abc"))
    assert line.endswith("password=*** token=***")


def test_the_password_of_a_url_is_masked() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("cannot reach %s", "redis://:pw@host:1/0"))
    assert "redis://:***@host:1/0" in line


def test_a_known_secret_is_masked_wherever_it_stands() -> None:
    line = LineFormatter(ISTANBUL, ["s3cr3t-key"]).format(a_record("the key is s3cr3t-key!"))
    assert line.endswith("the key is ***!")


def test_a_message_cannot_forge_a_line_or_move_the_cursor() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("a\n2026-01-01 INFO forged\x1b[2J"))
    assert line.splitlines()[1] == "    2026-01-01 INFO forged?[2J"


def test_a_very_long_line_loses_its_middle() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("start " + "x" * 100_000 + " end"))
    assert len(line) < log.LINE_LENGTH
    assert "start" in line
    assert line.endswith(" end")


def test_fields_of_a_library_are_left_out() -> None:
    line = LineFormatter(ISTANBUL).format(a_record("received", name="celery.app", data="rows"))
    assert line.endswith("received")


def test_our_events_and_the_library_s_go_to_files_of_their_own(home: Path) -> None:
    log.configure("celery", stream=False)
    logging.getLogger("tasks.runs").info("run finished")
    logging.getLogger("celery.worker").info("ready")
    assert "ready" in (home / "logs/celery.log").read_text()
    assert "run finished" not in (home / "logs/celery.log").read_text()
    assert "run finished" in (home / "logs/taskorchestrator.log").read_text()


def test_the_level_comes_from_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LOG_LEVEL", "WARNING")
    log.configure("web", stream=False)
    logging.getLogger("webui").info("quiet")
    logging.getLogger("webui").warning("loud")
    text = (home / "logs/taskorchestrator.log").read_text()
    assert "loud" in text
    assert "quiet" not in text


def test_the_first_name_counts(home: Path) -> None:
    log.configure("celerybeat", stream=False)
    log.configure("celery", stream=False)
    logging.getLogger("celery.beat").info("starting")
    assert "starting" in (home / "logs/celerybeat.log").read_text()
    assert not (home / "logs/celery.log").exists()
