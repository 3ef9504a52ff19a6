"""The files of a run that finished: those of all rows, and how many parts have files as well."""

import re
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tasks.kinds import ArtifactRole
from tasks.models import Artifact, Run, RunState
from tasks.models.base import JsonObject
from tasks.reports.charts.settings import titled

NUMBERED = re.compile(r"-chart-(\d{1,3})\.png$")
"""The end of the name of a chart's file, with its number in the task."""


def files_of_all_rows(session: Session, run: Run) -> Sequence[Artifact]:
    """Return the files that the page of the run lists."""
    return session.scalars(_files(run).where(Artifact.part == "").order_by(Artifact.id)).all()


def pictures_of_all_rows(session: Session, run: Run) -> Sequence[Artifact]:
    """Return the charts that the page of the run shows."""
    pictures = _files(run, ArtifactRole.PICTURE).where(Artifact.part == "")
    return session.scalars(pictures.order_by(Artifact.id)).all()


def titles_of(pictures: Sequence[Artifact], settings: JsonObject) -> dict[int, str]:
    """Return what the charts are called, by the id of their file, as the task had them then."""
    charts = settings.get("charts") or []
    titles: dict[int, str] = {}
    for picture in pictures:
        found = NUMBERED.search(picture.name)
        if found and 0 < int(found[1]) <= len(charts):
            chart = charts[int(found[1]) - 1]
            names = chart.get("values", []), chart.get("label", "")
            titles[picture.id] = titled(chart.get("title", ""), *names)
    return titles


def count_parts(session: Session, run: Run) -> int:
    """Return how many parts have files; 0 where the run was not split or has not finished."""
    wanted = _files(run).where(Artifact.part != "").subquery()
    return session.scalar(select(func.count(wanted.c.part.distinct()))) or 0


def files_of_parts(session: Session, run: Run, parts: Sequence[str]) -> Sequence[Artifact]:
    """Return the files of these parts."""
    return session.scalars(_files(run).where(Artifact.part.in_(parts)).order_by(Artifact.id)).all()


def _files(run: Run, role: ArtifactRole = ArtifactRole.FILE) -> Select[Artifact]:
    """Whoever is sent the run gets these; the half-made ones of other attempts are not among them.

    A run that has not succeeded has none.
    """
    attempt = run.attempt if run.state is RunState.SUCCEEDED else -1
    return select(Artifact).where(
        Artifact.run_id == run.id,
        Artifact.attempt == attempt,
        Artifact.role == role,
    )
