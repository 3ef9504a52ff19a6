"""The home folder of a stack, its lock, and the sentences about ports."""

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.errors import Conflict, Invalid
from tasks.settings import settings
from tasks.stack.home import Stack, lock, make_home
from tasks.stack.ports import free_port, is_free, require_free


def test_a_new_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_home(tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Invalid, match="cannot be made.*--home"):
        make_home(tmp_path / "file" / "var")


def test_the_next_start_keeps_secrets_and_ports(tmp_path: Path) -> None:
    first = Stack.plan(tmp_path, web_port=8000)
    first.write(tmp_path)
    second = Stack.plan(tmp_path, web_port=8001)
    assert second.secret_key == first.secret_key
    assert second.broker_url == first.broker_url
    assert second.smtp_url == first.smtp_url
    assert second.web_url == "http://127.0.0.1:8001"


def test_a_kept_port_that_is_taken_is_replaced(tmp_path: Path) -> None:
    first = Stack.plan(tmp_path, web_port=8000)
    first.write(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first.broker_port))
        other.listen()
        second = Stack.plan(tmp_path, web_port=8000)
    assert second.broker_port != first.broker_port
    assert second.broker_password == first.broker_password


def test_damage_to_the_file_costs_nothing_but_what_it_held(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{ half")
    assert Stack.plan(tmp_path, web_port=8000).secret_key


def test_what_is_written_is_private_and_what_the_settings_read(home: Path) -> None:
    stack = Stack.plan(home, web_port=8000)
    stack.write(home)
    assert stat.S_IMODE((home / "stack.json").stat().st_mode) == 0o600
    assert json.loads((home / "stack.json").read_text())["web_bind"] == "127.0.0.1:8000"
    settings.cache_clear()
    assert settings().broker_url == stack.broker_url
    assert settings().smtp_url.get_secret_value() == stack.smtp_url


def test_a_second_start_in_the_same_home_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    Stack.plan(tmp_path, web_port=8765).write(tmp_path)
    code = (
        "import sys, pathlib; from tasks.stack.home import lock; lock(pathlib.Path(sys.argv[1]));"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Conflict) as told:
            lock(tmp_path)
    assert f"at http://127.0.0.1:8765 (process {holder.pid})" in told.value.message
    lock(tmp_path)  # it went with its process


def test_a_taken_port_gets_a_sentence_that_says_which_and_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(Conflict, match=rf"Port {port} is taken.*orchestrator up --port \d+"):
            require_free(port)


def test_a_free_port_is_free() -> None:
    assert is_free(free_port())
