"""The files of a report: written under passing names, and named when all of them are whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.reports.files import ReportFiles
from tasks.reports.limits import Limits
from tasks.reports.render import Format
from tasks.reports.settings import ReportSettings
from tasks.runs.files import publish_file
from tasks.settings import settings as installation


@dataclass(frozen=True, slots=True)
class FilesOfReport:
    """The files while they are written; `written` takes the rows."""

    written: ReportFiles
    paths: Mapping[Format, Path]

    def finish(self) -> list[ReportFile]:
        """Make all files whole, then give them their names."""
        self.written.close()
        for path in self.paths.values():
            publish_file(_part(path), path)
        rows = self.written.rows
        return [ReportFile(path, format.media_type, rows) for format, path in self.paths.items()]


def files_of(context: JobContext, settings: ReportSettings, asked: Asked) -> FilesOfReport:
    """Return the files that this attempt makes of all rows."""
    limits = Limits(settings.max_rows, installation().report_max_megabytes)
    paths = {format: path_of(context, format) for format in settings.formats}
    parts = {_part(path): format for format, path in paths.items()}
    return FilesOfReport(ReportFiles(parts, asked.layout, limits), paths)


def path_of(context: JobContext, format: Format) -> Path:
    """Return the path of a file in the folder of the attempt."""
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{format.suffix}"
    return context.folder / name


def _part(path: Path) -> Path:
    """What a file is called until it is whole."""
    return path.with_name(path.name + ".part")
