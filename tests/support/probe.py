"""The probe: a job of the tests' own, and what it wrote down."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGE = Path(__file__).parent / "probe_package"

ON_PATH = f"{PACKAGE}{os.pathsep}{CHECKOUT}"
"""The PYTHONPATH with which a process of the product finds the probe as an installed package."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the probe: which attempt did what, and in which process."""

    run: int
    attempt: int
    phase: str
    pid: int


def steps(home: Path, run: int, *phases: str) -> list[Step]:
    """Return what a run's attempts wrote down, in order; of these phases where some are named."""
    found = [step for step in _all(home / "probe.log") if step.run == run]
    return [step for step in found if not phases or step.phase in phases]


def _all(path: Path) -> list[Step]:
    if not path.exists():
        return []
    lines = (line.split(",") for line in path.read_text().splitlines())
    return [Step(int(run), int(attempt), phase, int(pid)) for run, attempt, phase, pid in lines]
