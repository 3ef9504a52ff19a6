"""The files of the parts of a report, written one part after the other from what was set aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_files import FilesOfReport, files_of
from tasks.jobs.report_told import Told
from tasks.reports.bursting.bundles import Bundle
from tasks.reports.bursting.matching import named
from tasks.reports.bursting.parts import Parts
from tasks.reports.bursting.slugs import slugs_of
from tasks.reports.bursting.words import title_of
from tasks.reports.limits import Limits
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together
from tasks.rows import Row
from tasks.settings import settings as installation


@dataclass(frozen=True, slots=True)
class MadePart:
    """The files of one bundle, and what its mail tells of its rows."""

    files: Sequence[ReportFile]
    told: Told


class PartFiles:
    """Makes files that hold the rows of one bundle and no other; all together have one limit."""

    def __init__(
        self,
        context: JobContext,
        settings: ReportSettings,
        asked: Asked,
        rows: Parts,
        bundles: Sequence[Bundle],
    ) -> None:
        self._context, self._settings, self._asked, self._rows = context, settings, asked, rows
        self._slugs = slugs_of(one.name for one in bundles)
        self._limits = Limits(settings.max_rows, installation().report_max_megabytes)
        self._bytes = 0

    def make(self, bundle: Bundle) -> MadePart:
        """Write the files of this bundle; raises JobError past the limit of all files."""
        files, told = self._files(bundle), Told(self._settings)
        with Together([files.written, *told.takers]) as takers:
            self._begun = -1
            for section, batch in self._batches(bundle):
                self._begin(takers, section)
                takers.write(batch)
            made = files.finish()
        self._bytes += sum(one.path.stat().st_size for one in made)
        self._limits.check_bytes(self._bytes)
        return MadePart([replace(one, part=bundle.name) for one in made], told)

    def _files(self, bundle: Bundle) -> FilesOfReport:
        """The usual files, under a name and a title that tell whose rows they hold."""
        context, layout = self._context, self._asked.layout
        column = self._settings.burst.column if self._settings.burst else ""
        title = f"{layout.title} – {title_of(bundle.name, layout.language)}"
        told = (*layout.about, (column, named(bundle.keys)))
        return files_of(
            replace(context, slug=f"{context.slug}-{self._slugs[bundle.name]}"),
            self._settings,
            replace(self._asked, layout=replace(layout, title=title, about=told)),
        )

    def _batches(self, bundle: Bundle) -> Iterator[tuple[int, list[Row]]]:
        for section, batch in self._rows.spool.batches(bundle.keys):
            self._context.check()
            yield section, batch

    def _begin(self, takers: Together, section: int) -> None:
        if section != self._begun:
            takers.begin(*self._rows.results[section])
            self._begun = section
