"""The log of a run: its end at once, then what is added."""

import re
from html import unescape

from tasks.models import Run, RunState
from tasks.runs.files import attempt_log_path
from tests.support.factories import a_run
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL, an_attempt

NEXT = re.compile(r'id="log-next"\s+hx-get="([^"]+)"')


def next_of(text: str) -> str:
    found = NEXT.search(text)
    assert found is not None
    return unescape(found[1])


def add(run: Run, text: str) -> None:
    with attempt_log_path(run.id, 1).open("a", encoding="utf-8") as log:
        log.write(text)


def test_a_running_log_is_followed_by_its_offset(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_attempt(run, log="first\n")
    page = viewer.get(f"/runs/{run.id}").text
    assert "first" in page
    add(run, "ığü <second>\nhal")
    more = viewer.get(next_of(page), headers=PARTIAL).text
    assert "ığü &lt;second&gt;\n" in more
    assert "first" not in more
    assert "hal" not in more
    add(run, "f\n")
    assert "half\n" in viewer.get(next_of(more), headers=PARTIAL).text


def test_what_was_told_is_not_told_again(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_attempt(run, log="first\n")
    more = viewer.get(next_of(viewer.get(f"/runs/{run.id}").text), headers=PARTIAL).text
    assert "hx-partial" not in more


def test_the_log_of_a_run_that_is_over_is_not_followed(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    an_attempt(run, log="last words\n")
    page = viewer.get(f"/runs/{run.id}").text
    assert "last words" in page
    assert NEXT.search(page) is None


def test_only_the_last_lines_are_shown_and_all_can_be_downloaded(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    an_attempt(run, log="".join(f"line {number}.\n" for number in range(5_000)))
    page = viewer.get(f"/runs/{run.id}").text
    assert "line 4999." in page
    assert "line 4000." in page
    assert "line 3999." not in page
    whole = viewer.get(f"/runs/{run.id}/attempts/1/log.txt", buffered=True)
    assert whole.data.count(b"\n") == 5_000
    assert whole.headers["Content-Disposition"].startswith("attachment")


def test_a_tail_that_grew_too_long_is_drawn_anew(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_attempt(run, log="".join(f"line {number}.\n" for number in range(2_000)))
    answer = viewer.get(f"/runs/{run.id}/attempts/1/log?offset=0&lines=2500", headers=PARTIAL)
    assert 'hx-swap="innerHTML"' in answer.text
    assert "line 999." not in answer.text
    assert "line 1999." in answer.text


def test_a_log_that_is_not_there_yet_is_empty(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_attempt(run)
    attempt_log_path(run.id, 1).unlink()
    assert viewer.get(f"/runs/{run.id}").status_code == 200
    assert viewer.get(f"/runs/{run.id}/attempts/1/log", headers=PARTIAL).status_code == 200
    assert viewer.get(f"/runs/{run.id}/attempts/1/log.txt", buffered=True).status_code == 404


def test_an_attempt_that_was_never_made_is_not_found(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    for address in (f"/runs/{run.id}/attempts/2/log", "/runs/99/attempts/1/log.txt"):
        assert viewer.get(address).status_code == 404
