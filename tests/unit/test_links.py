"""A link is good for its delivery and its days, and for nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.errors import Invalid
from tasks.links import delivery_named, link_for, without_token
from tasks.settings import settings

SOON, LATER = timedelta(days=6, hours=23), timedelta(days=7, seconds=1)


def token(delivery_id: int = 7) -> str:
    return link_for(delivery_id, now=utcnow()).rsplit("/", 1)[1]


def test_a_link_names_its_delivery_until_its_days_are_over(home: Path) -> None:
    assert link_for(7, now=utcnow()).startswith("http://127.0.0.1:8000/files/7.")
    assert delivery_named(token(), now=utcnow() + SOON) == 7
    assert delivery_named(token(), now=utcnow() + LATER) is None


def test_how_long_it_works_is_a_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LINK_DAYS", "1")
    settings.cache_clear()
    assert delivery_named(token(), now=utcnow() + timedelta(hours=23)) == 7
    assert delivery_named(token(), now=utcnow() + timedelta(hours=25)) is None


@pytest.mark.parametrize("place", range(3))
def test_nothing_of_it_can_be_changed(home: Path, place: int) -> None:
    parts = token().split(".")
    parts[place] = {0: "8", 1: str(int(parts[1]) + 60), 2: "A" * 43}[place]
    assert delivery_named(".".join(parts), now=utcnow()) is None


@pytest.mark.parametrize(
    "made_up",
    ["", "7", "7..", "..", "7.1.", "-7.1.A", "٧.99999999999.A", "7.9" + "9" * 5_000 + ".A",
     f"{2**63}.9999999999.{'A' * 43}", f"7.9999999999.{'A' * 42}=", "../../etc/passwd", "\0"],
)  # fmt: skip
def test_what_is_made_up_names_nothing(home: Path, made_up: str) -> None:
    assert delivery_named(made_up, now=utcnow()) is None


def test_another_key_signs_other_links(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = token()
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEY", "another key of another installation")
    settings.cache_clear()
    assert delivery_named(made, now=utcnow()) is None


def test_without_a_key_there_is_no_link(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEY", "")
    settings.cache_clear()
    with pytest.raises(Invalid, match="ORCHESTRATOR_SECRET_KEY"):
        link_for(7, now=utcnow())


def test_a_link_is_not_written_into_a_log(home: Path) -> None:
    assert without_token(f"/files/{token()}/3") == "/files/…"
    assert without_token("/runs/7/files/3") == "/runs/7/files/3"
