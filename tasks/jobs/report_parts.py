"""The parts of a report that is split: each its own rows, its own files and its own letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.jobs.context import JobContext, Letter, ReportFile
from tasks.jobs.report_addresses import book_of
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_part_files import PartFiles
from tasks.jobs.report_part_letters import letters_of_bundle, refused_letters, said_of
from tasks.reports.bursting.book import Book
from tasks.reports.bursting.bundles import Bundle, bundles_of
from tasks.reports.bursting.matching import parts_matched
from tasks.reports.bursting.parts import Parts
from tasks.reports.bursting.sentences import FILES_WRITTEN
from tasks.reports.bursting.settings import AddressFrom, BurstSettings
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker


@dataclass(frozen=True, slots=True)
class Split:
    """What the parts of a report come to; nothing where it is not split."""

    files: Sequence[ReportFile] = ()
    letters: Sequence[Letter] = ()
    reason: str = ""


class NoParts:
    """A report whose recipients all get the same."""

    takers: Sequence[Taker] = ()

    def finish(self) -> Split:
        return Split()


class PartsOfReport:
    """The rows by their parts while they pass, and then the files and letters of each."""

    def __init__(
        self, context: JobContext, settings: ReportSettings, asked: Asked, burst: BurstSettings
    ) -> None:
        self._context, self._settings, self._asked = context, settings, asked
        self._burst = burst
        self._book: Book = book_of(context, burst, asked)
        self._rows = Parts(burst, context.folder, _companies(burst, asked))
        self.takers: Sequence[Taker] = (self._rows,)

    def finish(self) -> Split:
        """Make the files of each part, then the letters; raises JobError past a limit."""
        self._rows.flush()
        parts = parts_matched(self._rows.rows, self._book or self._rows.addresses)
        bundles = bundles_of(parts, self._burst.catch_all)
        files, letters = self._made(bundles)
        self._context.log.info("parts written", extra={"parts": len(bundles), "files": len(files)})
        return Split(files, [*letters, *refused_letters(parts)], said_of(bundles))

    def _made(self, bundles: Sequence[Bundle]) -> tuple[list[ReportFile], list[Letter]]:
        making = PartFiles(self._context, self._settings, self._asked, self._rows)
        files: list[ReportFile] = []
        letters: list[Letter] = []
        for bundle, made in zip(bundles, making.make(bundles, self._burst), strict=True):
            files += [*made.files, *made.pictures]
            letters += letters_of_bundle(self._context, self._settings, bundle, made)
            self._context.progress(len(files), text=FILES_WRITTEN)
        self._rows.abandon()
        return files, letters


def parts_of(
    context: JobContext, settings: ReportSettings, asked: Asked
) -> PartsOfReport | NoParts:
    """Return who takes the rows by their parts, once the addresses are known."""
    if settings.burst is None:
        return NoParts()
    return PartsOfReport(context, settings, asked, settings.burst)


def settings_of_whole(settings: ReportSettings) -> ReportSettings:
    """Return the settings by which the files of all rows are sent: where parts are, maybe not."""
    if settings.burst is None or settings.burst.with_whole:
        return settings
    mail = settings.mail.model_copy(update={"cc": [], "bcc": []})
    return settings.model_copy(update={"recipients": [], "mail": mail})


def _companies(burst: BurstSettings, asked: Asked) -> list[str]:
    """Name the company of each reading: a key may mean somebody else in each of them.

    What is typed in a list is meant for all of them.
    """
    if burst.address_from is AddressFrom.LINES:
        return []
    return [one.company if one.named else "" for one in asked.readings]
