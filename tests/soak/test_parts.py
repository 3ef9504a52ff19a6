"""A part of the soak is asked to end only once it can hear it."""

from pathlib import Path

import pytest

from tests.soak.parts import Part
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until


@pytest.mark.parametrize("command", [("worker", "--slots=1"), ("beat",)])
def test_a_part_that_listens_ends_well_when_it_is_asked_to(
    sqlite_database: str, broker: Valkey, tmp_path: Path, command: tuple[str, ...]
) -> None:
    part = Part(command[0], command, tmp_path / "part.out")
    part.start()
    try:
        assert not part.listens()
        wait_until(part.listens, "it listens")
        assert part.stop(seconds=30)
    finally:
        part.kill()
