"""What the delivery over a channel says about its run: fixed when the delivery was planned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.channels.errors import Refused
from tasks.channels.names import file_name
from tasks.errors import mark
from tasks.models import Artifact, Delivery

PLACED = mark("The files lie at {places}.")
Owner = Callable[[str], str]
"""Returns the title of another task that put the file at a place; empty where none did."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a run beside its files; `figures` are by column, as exact texts."""

    task: str
    title: str
    date: str
    time: str
    language: str = "en"
    rows: int | None = None
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def told_of(delivery: Delivery) -> Told:
    """Return what was kept with the delivery; what a hand wrote there may lack a part."""
    kept = delivery.target
    texts = {name: str(kept.get(name, "")) for name in ("task", "title", "date", "time")}
    return Told(
        **texts,
        language=str(kept.get("language", "en")),
        rows=kept.get("rows"),
        figures=kept.get("figures") or {},
    )


def placed(places: Iterable[str]) -> str:
    """Say where the files have been put."""
    return PLACED.format(places=", ".join(places))


def names_of(delivery: Delivery, usual: str, artifacts: Sequence[Artifact]) -> list[str]:
    """Return the names for the files: by the pattern of the task, or else of the channel."""
    told = told_of(delivery)
    words = {
        "task": told.task,
        "date": told.date,
        "time": told.time.replace(":", ""),
        "run": str(delivery.run_id),
    }
    pattern = str(delivery.target.get("name") or usual)
    return [file_name(pattern, words, made=one.name, part=delivery.part) for one in artifacts]


def nobody(_place: str) -> str:
    """No other task has put anything anywhere."""
    return ""


def check_own(name: str, place: str, whose: Owner) -> None:
    """Raise Refused where the file that would be replaced is another task's."""
    if title := whose(place):
        raise Refused(
            "“{name}” is there already, and “{title}” has put it there, so it is not replaced. "
            "Give the files of one of the two tasks another name, or delete the file.",
            name=name,
            title=title,
        )
