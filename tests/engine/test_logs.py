"""The log files, written by several real processes at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

WRITERS = 4
LINES = 3_000
PADDING = 300

WRITER = f"""
import logging, os, sys
from tasks import log

log.configure("celery", stream=False)
forked = os.fork()  # a worker's children log through what their parent opened
me = sys.argv[1] + ("child" if forked == 0 else "parent")
for number in range({LINES} // 2):
    logging.getLogger("celery.test").info("line %s %05d %s end", me, number, "x" * {PADDING})
if forked:
    sys.exit(os.waitpid(forked, 0)[1])
os._exit(0)
"""


def write(home: Path, count: int) -> None:
    """Run `count` writers, each of two processes, until all have ended."""
    environment = {**os.environ, "ORCHESTRATOR_HOME_DIR": str(home)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(number)], env=environment)
        for number in range(count)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * count


def test_no_line_is_lost_or_torn_when_several_processes_write(tmp_path: Path) -> None:
    write(tmp_path, WRITERS)
    files = sorted((tmp_path / "logs").glob("celery.log*"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    pattern = re.compile(rf"\S+ INFO celery\.test\[\d+\] line (\S+) (\d{{5}}) x{{{PADDING}}} end")
    torn = [line for line in lines if not pattern.fullmatch(line)]
    assert torn == []
    numbers: dict[str, list[int]] = {}
    for line in lines:
        match = pattern.fullmatch(line)
        assert match is not None
        numbers.setdefault(match[1], []).append(int(match[2]))
    assert len(numbers) == 2 * WRITERS
    assert all(sorted(kept) == list(range(LINES // 2)) for kept in numbers.values())


def test_there_are_never_more_than_six_files_of_one_megabyte(tmp_path: Path) -> None:
    write(tmp_path, WRITERS)
    write(tmp_path, 2)
    files = sorted((tmp_path / "logs").glob("celery.log*"))
    assert [file.name for file in files] == [
        "celery.log",
        *(f"celery.log.{n}" for n in range(1, 6)),
    ]
    assert all(file.stat().st_size <= 1_000_000 for file in files)
