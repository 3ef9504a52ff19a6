"""What a run of a report is compared with: the last run that was delivered, and its rows."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.db import reading
from tasks.errors import NotFound
from tasks.jobs.context import JobContext, ReportFile
from tasks.kinds import ArtifactRole
from tasks.patience import patiently
from tasks.queries.last_delivered import Delivered, last_delivered
from tasks.reports.conditions.checked import ColumnsChecked
from tasks.reports.difference.difference import Difference
from tasks.reports.difference.settings import DifferenceSettings
from tasks.reports.figures import Figures
from tasks.reports.files import ReportFiles
from tasks.reports.kept.writing import MEDIA_TYPE, ROWS_NAME, RowKeeper
from tasks.reports.limits import Limits
from tasks.reports.mail.content import More
from tasks.reports.mail.words import Before
from tasks.reports.render import Language
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker
from tasks.settings import settings as installation

if TYPE_CHECKING:
    from tasks.reports.difference.comparing import Kept

WORDS_OF_BEFORE = ("before", "change")
"""A subject or text with one of these may speak of the run before."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison came to, and the file of the kept rows, which nobody is sent."""

    digest: str = ""
    difference: Difference | None = None
    reason: str = ""
    """Why there is none, where the task was changed so that the rows of then do not fit."""
    files: tuple[ReportFile, ...] = ()


@dataclass(frozen=True, slots=True)
class LookingBack:
    """A run beside the one that it is compared with; the keeper takes all rows of the query."""

    context: JobContext
    settings: ReportSettings
    before: Delivered | None
    keeper: RowKeeper | None

    @property
    def takers(self) -> tuple[Taker, ...]:
        """Who takes all rows, also those that are not new."""
        difference = self.settings.difference
        keys = () if difference is None else difference.keys
        checked = ColumnsChecked(self.settings.condition, keys)
        return (checked,) if self.keeper is None else (checked, self.keeper)

    @property
    def takers_of_sheets(self) -> tuple[Taker, ...]:
        """Who takes the rows of further queries: they, too, can be what has changed."""
        if self.keeper is None or not self.settings.condition.needs_digest:
            return ()
        return (self.keeper.further,)

    def finish(self, files: ReportFiles) -> Compared:
        """Keep the rows, and compare them with those of the run before in sheets of the files."""
        if self.keeper is None:
            return Compared()
        digest, path = self.keeper.close(), self.keeper.path
        if path is None:
            return Compared(digest)
        kept = ReportFile(path, MEDIA_TYPE, self.keeper.rows, role=ArtifactRole.ROWS)
        return Compared(digest, *self._difference(path, files), (kept,))

    def more(self, compared: Compared) -> More:
        """What a mail can say of the run before."""
        said = compared.difference
        words = "" if said is None else said.summary(Language(self.settings.language))
        return More(before=self._said_before(), difference=words)

    def _said_before(self) -> Before | None:
        if self.before is None:
            return None
        figures = Figures.from_json(self.before.rows, self.before.figures)
        zone = self.context.scheduled_for.tzinfo
        return Before(figures, self.before.scheduled_for.astimezone(zone))

    def _difference(self, path: Path, files: ReportFiles) -> tuple[Difference | None, str]:
        """Return the difference, or none and what is to be said of that."""
        wanted, before = self.settings.difference, self.before
        if wanted is None or before is None or self.context.run_id is None:
            return None, ""
        with rows_before(self.context, before) as rows:
            if rows is None:
                return None, ""
            from tasks.reports.difference.comparing import Kept  # heavy, seldom asked
            from tasks.reports.difference.matching import why_not

            if problem := why_not(rows, path, wanted.keys, before_id=before.run_id):
                return None, problem
            runs = Kept(before.run_id, rows), Kept(self.context.run_id, path)
            return self._told(runs, wanted, files), ""

    def _told(
        self, runs: "tuple[Kept, Kept]", wanted: DifferenceSettings, files: ReportFiles
    ) -> Difference:
        """Compare the two runs, in sheets of the files where those are wanted."""
        from tasks.reports.difference.comparing import comparing
        from tasks.reports.difference.sheets import add_sheets

        folder, stop = self.context.folder, self.context.interrupting
        with comparing(*runs, wanted.keys, folder=folder, interrupting=stop) as seen:
            if wanted.as_sheet:
                add_sheets(seen, files, Language(self.settings.language))
            return seen.difference


def looking_back(context: JobContext, settings: ReportSettings) -> LookingBack:
    """Return what the report asks of the run before; of most it asks nothing."""
    path = context.folder / ROWS_NAME if keeps_rows(settings) else None
    needs_keeper = path is not None or settings.condition.needs_digest
    keeper = RowKeeper(path, limits_of(settings)) if needs_keeper else None
    return LookingBack(context, settings, _before(context, settings), keeper)


def keeps_rows(settings: ReportSettings) -> bool:
    """Whether the rows of a run are kept for the runs after it."""
    return settings.difference is not None or settings.condition.keeps_rows


def limits_of(settings: ReportSettings) -> Limits:
    return Limits(settings.max_rows, installation().report_max_megabytes)


@contextmanager
def rows_before(context: JobContext, before: Delivered | None) -> Iterator[Path | None]:
    """Give the file of the rows of the run before; None where it kept none, or they are gone."""
    from tasks.keeping.stores import as_path  # a store may be far away: only where it is needed

    if before is None or before.kept is None:
        yield None
        return
    with ExitStack() as open_until_end:
        try:
            path = open_until_end.enter_context(as_path(before.kept))
        except NotFound as error:
            context.log.warning(error.message)
            path = None
        yield path


def _before(context: JobContext, settings: ReportSettings) -> Delivered | None:
    """Return the last delivered run; None without one, and where the report asks nothing of it."""
    run_id = context.run_id
    if run_id is None or not _looks_back(settings):
        return None

    def look() -> Delivered | None:
        with reading() as session:
            return last_delivered(session, run_id)

    return patiently(look, seconds=installation().lease_seconds, check=context.check)


def _looks_back(settings: ReportSettings) -> bool:
    mail = (settings.subject, settings.text, *settings.mail.figures)
    return (
        settings.condition.needs_before
        or settings.difference is not None
        or bool(settings.mail.figures)
        or any(word in text for text in mail for word in WORDS_OF_BEFORE)
    )
