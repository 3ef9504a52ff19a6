"""The parts of a run that was split: their rows and files, and what became of their mails."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.folding import fold
from tasks.kinds import ArtifactRole
from tasks.models import Artifact, Delivery, Run
from tasks.queries.deliveries_of_run import WITHOUT_LETTERS
from tasks.queries.files_of_run import files_of_parts

PAGE = 50


@dataclass(frozen=True, slots=True)
class PartOfRun:
    """One part with its files, of which each holds the same rows, and its deliveries."""

    part: str
    files: Sequence[Artifact]
    deliveries: Sequence[Delivery]

    @property
    def rows(self) -> int | None:
        """How many rows it has; None where its rows stand in the file of another part."""
        return self.files[0].rows if self.files else None


@dataclass(frozen=True, slots=True)
class PartsPage:
    """Some of the parts that fit, by name; `after` is where the next page begins."""

    parts: Sequence[PartOfRun]
    fitting: int
    after: str | None


def parts_page(session: Session, run: Run, *, search: str = "", after: str = "") -> PartsPage:
    """Return the parts whose name or recipient holds the search, from the one after `after` on."""
    names = _fitting(session, run, fold(search.strip()))
    following = [name for name in names if name > after]
    shown = following[:PAGE]
    more = shown[-1] if len(following) > PAGE else None
    return PartsPage(_parts(session, run, shown), len(names), more)


def _fitting(session: Session, run: Run, wanted: str) -> list[str]:
    """Return the names of the parts in their order; there are a few hundred at most."""
    made = select(Artifact.part).where(
        Artifact.run_id == run.id,
        Artifact.attempt == run.attempt,
        Artifact.role == ArtifactRole.FILE,
        Artifact.part != "",
    )
    told = select(Delivery.part, Delivery.recipient).where(
        Delivery.run_id == run.id, Delivery.part != ""
    )
    words = [(part, "") for part in session.scalars(made.distinct())]
    words += [(part, recipient) for part, recipient in session.execute(told)]
    return sorted({part for part, who in words if wanted in fold(f"{part} {who}")})


def _parts(session: Session, run: Run, names: Sequence[str]) -> list[PartOfRun]:
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.run_id == run.id, Delivery.part.in_(names))
        .order_by(Delivery.id)
        .options(*WITHOUT_LETTERS)
    ).all()
    files = files_of_parts(session, run, names)
    return [
        PartOfRun(
            name,
            [one for one in files if one.part == name],
            [one for one in deliveries if one.part == name],
        )
        for name in names
    ]
