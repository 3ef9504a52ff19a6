"""What a run of a report makes of its rows, all of it in the one pass over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_compared import Compared, LookingBack
from tasks.jobs.report_decided import only_wanted
from tasks.jobs.report_files import files_of
from tasks.jobs.report_parts import Split, parts_of
from tasks.jobs.report_reading import read, read_sheets
from tasks.jobs.report_told import Told
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together


@dataclass(frozen=True, slots=True)
class Made:
    """The files of all rows and of the parts, and what is known of the rows."""

    rows: int
    """Of all queries; `told` knows of the first one only."""
    whole: Sequence[ReportFile]
    split: Split
    told: Told
    compared: Compared

    @property
    def files(self) -> tuple[ReportFile, ...]:
        """All files, with the charts and the rows that are kept for the runs after this one."""
        return (*self.whole, *self.told.pictures(), *self.split.files, *self.compared.files)


def make(context: JobContext, settings: ReportSettings, asked: Asked, back: LookingBack) -> Made:
    """Read the rows once and make everything of them; an error leaves no file behind."""
    files = files_of(context, settings, asked)
    parts = parts_of(context, settings, asked)
    told = Told(context, settings, asked)
    making = Together([files.written, *told.takers, *parts.takers])
    wanted = only_wanted(context, settings, back.before, making)
    further = Together([files.written, *back.takers_of_sheets])
    with Together([*back.takers, wanted]) as takers:
        done = read(context, settings, asked, takers)
        read_sheets(context, settings, asked, further, done=done)
        compared = back.finish(files.written)
        told.show_in(files)
        whole = files.finish()
        split = parts.finish()
    rows = files.written.rows
    context.log.info("files written", extra={"rows": rows, "files": len(whole)})
    return Made(rows, whole, split, told, compared)
