"""What a succeeded run says of its deliveries, on its page and to scripts."""

import json

import pytest
from click.testing import CliRunner

from tasks.cli.main import main
from tasks.models import ArtifactRole, DeliveryState, RunState
from tests.support.factories import a_run
from tests.web.conftest import Browser
from tests.web.runs_support import a_delivery, a_file

ARRIVED, FAILED = DeliveryState.DELIVERED, DeliveryState.FAILED
KEPT_BACK, IN_DOUBT = DeliveryState.SUPPRESSED, DeliveryState.UNCERTAIN


@pytest.mark.parametrize(
    ("states", "words", "reached"),
    [
        ([], "It succeeded", "not_sent"),
        ([ARRIVED, ARRIVED], "It succeeded", "all"),
        ([ARRIVED, KEPT_BACK], "It succeeded", "all"),
        ([ARRIVED, FAILED], "It succeeded, but was delivered only in part", "some"),
        ([FAILED, IN_DOUBT], "It succeeded, but was delivered only in part", "some"),
        ([FAILED, KEPT_BACK], "It succeeded, but nobody got it", "nobody"),
        ([KEPT_BACK, KEPT_BACK], "It succeeded; nothing was sent", "not_sent"),
        (
            [FAILED, DeliveryState.SENDING],
            "It succeeded; what it made is being sent",
            "waiting",
        ),
    ],
)
def test_a_run_says_whom_it_has_reached(
    viewer: Browser, states: list[DeliveryState], words: str, reached: str
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    for number, state in enumerate(states):
        a_delivery(run, state=state, recipient=f"r{number}@example.com")
    assert f"<strong>{words}</strong>" in viewer.get(f"/runs/{run.id}").text
    shown = json.loads(CliRunner().invoke(main, ["show", str(run.id), "--json"]).stdout)
    assert shown["reached"] == reached


def test_scripts_get_the_files_that_people_get(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED, attempt=1)
    a_file(run, "a.csv", part="Ege")
    a_file(run, "rows.parquet", role=ArtifactRole.ROWS)
    a_delivery(run, state=KEPT_BACK, part="Ege", reason="Nothing to send.", recipient="")
    printed = CliRunner().invoke(main, ["show", str(run.id)]).stdout
    assert "rows.parquet" not in printed
    assert "– (Ege) suppressed: Nothing to send." in printed
    shown = json.loads(CliRunner().invoke(main, ["show", str(run.id), "--json"]).stdout)
    assert [(one["name"], one["part"]) for one in shown["files"]] == [("a.csv", "Ege")]
    assert [(one["part"], one["reason"]) for one in shown["deliveries"]] == [
        ("Ege", "Nothing to send.")
    ]
