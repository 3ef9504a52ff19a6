"""Jobs of other packages: what is installed under the entry point group `orchestrator.jobs`."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from logging import getLogger

from tasks.jobs.context import Stopped

log = getLogger(__name__)

GROUP = "orchestrator.jobs"


@dataclass(frozen=True, slots=True)
class BrokenPackage:
    """An entry point that could not be loaded, and why."""

    name: str
    package: str
    why: str


@lru_cache(maxsize=1)
def load_packages() -> tuple[BrokenPackage, ...]:
    """Load every package of jobs, once a process; returns those that could not be loaded."""
    found = sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value))
    return tuple(broken for one in found if (broken := _load(one)) is not None)


def _load(entry_point: EntryPoint) -> BrokenPackage | None:
    """Import what the entry point names, which registers its jobs."""
    package = entry_point.dist.name if entry_point.dist else entry_point.value
    try:
        entry_point.load()
    except Stopped:  # of the attempt that asked for its job, not of the package
        raise
    except Exception as error:
        log.error("package of jobs is broken", exc_info=error, extra={"package": package})
        return BrokenPackage(entry_point.name, package, f"{type(error).__name__}: {error}")
    return None
