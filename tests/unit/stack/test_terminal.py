"""The one stream of `up`."""

import io

import pytest

from tasks.stack.terminal import Terminal


class Screen(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


class Closed(io.StringIO):
    """What is left of a terminal that was closed."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_line_stands_under_the_name_of_its_part() -> None:
    stream = io.StringIO()
    Terminal(stream).say("worker", "ready")
    assert stream.getvalue() == " worker | ready\n"


def test_a_line_without_a_part_stands_alone() -> None:
    stream = io.StringIO()
    Terminal(stream).say("", "First report")
    assert stream.getvalue() == "First report\n"


def test_there_is_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen, file = Screen(), io.StringIO()
    for stream in (screen, file):
        Terminal(stream).say("web", "ready")
    assert "\x1b[34m" in screen.getvalue()
    assert "\x1b" not in file.getvalue()


def test_a_person_can_switch_colour_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    Terminal(screen).say("web", "ready")
    assert "\x1b" not in screen.getvalue()


def test_a_closed_terminal_stops_nothing() -> None:
    terminal = Terminal(Closed())
    terminal.say("web", "ready")
    terminal.say("web", "still here")
    assert not terminal.is_open
