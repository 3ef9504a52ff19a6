"""The files of the parts of a report, written one part after the other from what was set aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_files import files_of
from tasks.jobs.report_told import Told
from tasks.reports.bursting.bundles import Bundle
from tasks.reports.bursting.matching import named
from tasks.reports.bursting.parts import Parts
from tasks.reports.bursting.settings import BurstSettings
from tasks.reports.bursting.slugs import slugs_of
from tasks.reports.bursting.words import title_of
from tasks.reports.limits import Limits
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together
from tasks.rows import Row
from tasks.settings import settings as installation


@dataclass(frozen=True, slots=True)
class MadePart:
    """What was made of the rows of one bundle: its files, its charts, and what its mail tells."""

    asked: Asked
    """Under the title of the part."""
    files: Sequence[ReportFile]
    pictures: Sequence[ReportFile]
    told: Told


class PartFiles:
    """Makes files that hold the rows of one bundle and no other; all together have one limit."""

    def __init__(
        self, context: JobContext, settings: ReportSettings, asked: Asked, rows: Parts
    ) -> None:
        self._context, self._settings, self._asked, self._rows = context, settings, asked, rows
        self._limits = Limits(settings.max_rows, installation().report_max_megabytes)
        self._bytes = 0

    def make(self, bundles: Sequence[Bundle], burst: BurstSettings) -> Iterator[MadePart]:
        """Yield what is made of each bundle; raises JobError past the limit of all files."""
        slugs = slugs_of(one.name for one in bundles)
        for bundle in bundles:
            context = replace(self._context, slug=f"{self._context.slug}-{slugs[bundle.name]}")
            made = self._made(bundle, context, _asked_for(self._asked, bundle, burst))
            self._bytes += sum(one.path.stat().st_size for one in (*made.files, *made.pictures))
            self._limits.check_bytes(self._bytes)
            yield made

    def _made(self, bundle: Bundle, context: JobContext, asked: Asked) -> MadePart:
        files = files_of(context, self._settings, asked)
        told = Told(context, self._settings, asked)
        with Together([files.written, *told.takers]) as takers:
            for batch in self._batches(bundle, takers):
                self._context.check()
                takers.write(batch)
            told.show_in(files)
            made = files.finish()
        return MadePart(asked, _of(bundle, made), _of(bundle, told.pictures()), told)

    def _batches(self, bundle: Bundle, takers: Together) -> Iterator[list[Row]]:
        """Yield the rows of the bundle, with each of its results begun before its rows."""
        begun = -1
        for result, batch in self._rows.spool.batches(bundle.keys):
            if result != begun:
                takers.begin(*self._rows.results[result])
                begun = result
            yield batch


def _asked_for(asked: Asked, bundle: Bundle, burst: BurstSettings) -> Asked:
    """The same report under a title that tells whose rows it holds."""
    layout = asked.layout
    title = f"{layout.title} – {title_of(bundle.name, layout.language)}"
    told = (*layout.about, (burst.column, named(bundle.keys)))
    return replace(asked, layout=replace(layout.titled(title), about=told))


def _of(bundle: Bundle, files: Sequence[ReportFile]) -> list[ReportFile]:
    return [replace(one, part=bundle.name) for one in files]
