"""The files of a report: written under passing names, and named when all of them are whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.reports.files import ReportFiles
from tasks.reports.limits import Limits
from tasks.reports.render import Format
from tasks.reports.render.pictures import Picture
from tasks.reports.settings import ReportSettings
from tasks.reports.workbooks.passwords import lock, password_of
from tasks.reports.workbooks.settings import section_of
from tasks.runs.files import publish_file
from tasks.settings import settings as installation

GZIP = "application/gzip"


@dataclass(frozen=True, slots=True)
class FilesOfReport:
    """The files while they are written; `written` takes the rows."""

    written: ReportFiles
    paths: Mapping[Format, Path]
    password: str = field(default="", repr=False)

    def finish(self) -> list[ReportFile]:
        """Make all files whole, then give them their names."""
        self.written.close()
        if self.password:
            for path in self.paths.values():
                lock(_part(path), self.password)
        for path in self.paths.values():
            publish_file(_part(path), path)
        return [self._made(format, path) for format, path in self.paths.items()]

    def add_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these in the files that can show them; to be called before `finish`."""
        self.written.add_pictures(pictures)

    def _made(self, format: Format, path: Path) -> ReportFile:
        media_type = GZIP if path.suffix == ".gz" else format.media_type
        notice = self.written.notices.get(_part(path), "")
        return ReportFile(path, media_type, self.written.rows, notice=notice)


def files_of(context: JobContext, settings: ReportSettings, asked: Asked) -> FilesOfReport:
    """Return the files that this attempt makes of all rows."""
    limits = Limits(settings.max_rows, installation().report_max_megabytes)
    paths = {format: path_of(context, format, gzip=settings.gzip) for format in settings.formats}
    parts = {_part(path): format for format, path in paths.items()}
    own = section_of(asked.layout.title) if settings.sheets else None
    password = password_of(settings.file_password)
    return FilesOfReport(ReportFiles(parts, asked.layout, limits, own=own), paths, password)


def path_of(context: JobContext, format: Format, *, gzip: bool = False) -> Path:
    """Return the path of a file in the folder of the attempt; of CSV it may be a packed one."""
    return context.folder / name_of(context, format, gzip=gzip)


def name_of(context: JobContext, format: Format, *, gzip: bool = False) -> str:
    """Return what a file is called."""
    packed = ".gz" if gzip and format is Format.CSV else ""
    return f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{format.suffix}{packed}"


def _part(path: Path) -> Path:
    """What a file is called until it is whole."""
    return path.with_name(path.name + ".part")
