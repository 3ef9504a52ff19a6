"""`orchestrator up`, as a person starts it: to the first mail, through deaths, to its end."""

import os
import shutil
import signal
import stat
import time
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.engine.running_stack import PARTS, RunningStack, is_alive, running_stack
from tests.support.waiting import wait_until

READY = r"Task Orchestrator is ready at (\S+)"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack that was started from nothing and has mailed its first report."""
    with running_stack(tmp_path_factory.mktemp("up") / "var") as started:
        started.wait_for(READY)
        started.wait_for(r"^  mail   /")
        yield started


def answers(stack: RunningStack) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/healthz", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def test_it_says_where_the_pages_the_login_the_file_and_the_mail_are(stack: RunningStack) -> None:
    assert stack.wait_for(READY)[1] == f"http://127.0.0.1:{stack.port}"
    assert stack.printed(r"First report: overdue-receivables succeeded on \d{4}-")
    report = stack.wait_for(r"^  file   (/.*\.xlsx)$")[1]
    mail = stack.wait_for(r"^  mail   (/.*\.eml)$")[1]
    letter = message_from_bytes(Path(mail).read_bytes(), policy=policy.default)
    (attached,) = letter.iter_attachments()
    assert attached.get_payload(decode=True) == Path(report).read_bytes()


def test_the_password_is_in_a_file_of_its_owner_and_nowhere_else(stack: RunningStack) -> None:
    login = stack.home / "login.txt"
    password = login.read_text().splitlines()[1].removeprefix("password: ")
    assert len(password) >= 16
    assert stat.S_IMODE(login.stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.home / "stack.json").stat().st_mode) == 0o600
    assert stack.printed(rf"login  admin; the password is in {login}")
    assert not any(password in line for line in stack.lines)
    for log in (stack.home / "logs").glob("*.log*"):
        assert password not in log.read_text("utf-8")


def test_the_pages_answer(stack: RunningStack) -> None:
    assert answers(stack)


def test_another_terminal_runs_a_task_in_this_stack(stack: RunningStack) -> None:
    run = stack.json("run", "total-risk", "--wait")
    assert run["state"] == "succeeded"
    assert [delivery["state"] for delivery in run["deliveries"]] == ["delivered"]
    assert Path(run["files"][0]["path"]).stat().st_size == run["files"][0]["bytes"]
    assert run["run"] in [one["run"] for one in stack.json("runs")]


def test_a_second_up_in_this_home_says_that_it_runs(stack: RunningStack) -> None:
    refused = stack.command("up")
    assert refused.returncode == 2
    assert f"It already runs in {stack.home} at http://127.0.0.1:{stack.port}" in refused.stderr


def test_a_taken_port_is_named_with_what_to_do(stack: RunningStack, tmp_path: Path) -> None:
    refused = stack.command("--home", str(tmp_path), "up", f"--port={stack.port}")
    assert refused.returncode == 2
    assert f"Port {stack.port} is taken by another program" in refused.stderr
    assert "orchestrator up --port" in refused.stderr


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_is_there_again(stack: RunningStack, part: str) -> None:
    wait_until(lambda: stack.part(part), f"{part} runs")
    before = stack.part(part)
    assert before is not None
    stack.tree()
    os.kill(before, signal.SIGKILL)
    killed = time.monotonic()
    wait_until(lambda: stack.part(part) not in (None, before), f"{part} runs again")
    assert time.monotonic() - killed < 10
    wait_until(lambda: answers(stack), "the pages answer")
    assert stack.json("run", "total-risk", "--wait")["state"] == "succeeded"


def test_ctrl_c_stops_everything_and_the_next_start_keeps_the_data(
    stack: RunningStack, tmp_path: Path
) -> None:
    home = tmp_path / "var"
    home.mkdir()
    shutil.copy(stack.home / "demo.duckdb", home)  # else it is built once more
    with running_stack(home) as first:
        first.wait_for(r"^  mail   /")
        before = first.json("runs")
        secrets = (home / "stack.json").read_text(), (home / "login.txt").read_text()
        assert first.interrupt() == 0
        assert [pid for pid in first.seen if is_alive(pid)] == []
    built_at = (home / "demo.duckdb").stat().st_mtime_ns
    with running_stack(home) as second:
        second.wait_for(READY)
        assert (home / "demo.duckdb").stat().st_mtime_ns == built_at
        assert second.json("runs") == before
        assert (home / "login.txt").read_text() == secrets[1]
        second.process.send_signal(signal.SIGTERM)
        assert second.wait() == 0
    assert [pid for pid in second.seen if is_alive(pid)] == []


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with running_stack(tmp_path / "var", "--no-demo") as stack:
        stack.wait_for(READY)
        wait_until(lambda: all(stack.part(part) for part in PARTS), "all parts run")
        below = stack.tree()
        assert len(below) > len(PARTS)
        stack.process.kill()
        wait_until(lambda: not any(is_alive(pid) for pid in below), "all have ended")


def test_ctrl_c_while_it_starts_stops_it_too(tmp_path: Path) -> None:
    with running_stack(tmp_path / "var") as stack:
        stack.wait_for("^Starting in")
        wait_until(lambda: len(stack.tree()) > 2, "valkey and the first errand run")
        assert stack.interrupt() == 0
        assert [pid for pid in stack.seen if is_alive(pid)] == []
        assert not stack.printed("Traceback|cannot start")


def test_without_the_demo_there_is_a_login_and_nothing_else(tmp_path: Path) -> None:
    with running_stack(tmp_path / "var", "--no-demo") as stack:
        stack.wait_for(READY)
        assert (stack.home / "login.txt").exists()
        assert stack.json("runs") == []
        assert not (stack.home / "demo.duckdb").exists()
