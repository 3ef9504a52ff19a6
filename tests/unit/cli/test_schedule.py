"""`orchestrator schedule preview`: the coming instants, as scripts read them."""

import json

from tests.unit.cli.conftest import Call

BERLIN = ("schedule", "preview", "--timezone", "Europe/Berlin", "--json")


def test_a_time_that_does_not_exist_is_explained(orchestrator: Call) -> None:
    result = orchestrator(
        *BERLIN, "--cron", "30 2 * * *", "--from", "2026-03-28T12:00", "--count", "2"
    )
    assert json.loads(result.stdout) == [
        {
            "at": "2026-03-29T03:00:00+02:00",
            "note": "02:30 does not exist on this day",
            "code": "dst_gap",
        },
        {"at": "2026-03-30T02:30:00+02:00", "note": None},
    ]


def test_without_a_start_it_begins_now_in_the_zone_of_the_settings(orchestrator: Call) -> None:
    result = orchestrator("schedule", "preview", "--cron", "0 9 * * 1-5", "--count", "1")
    assert result.stdout == "Tue 2026-03-17 09:00 +03\n"


def test_what_is_no_cron_no_zone_or_no_instant_is_bad_input(orchestrator: Call) -> None:
    preview = ("schedule", "preview", "--cron")
    for arguments in (
        (*preview, "* * * * * *"),
        (*preview, "99 * * * *"),
        (*preview, "* * * * *", "--timezone", "Europe/Nowhere"),
        (*preview, "* * * * *", "--from", "tomorrow"),
        (*preview, "* * * * *", "--count", "0"),
    ):
        result = orchestrator(*arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output
