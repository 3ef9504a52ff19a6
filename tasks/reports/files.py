"""The files of one report, written side by side: each row goes to all of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tasks.reports.limits import Limits
from tasks.reports.render import (
    Format,
    Layout,
    Renderer,
    Section,
    SectionRenderer,
    open_renderer,
    open_sections,
)
from tasks.reports.render.pictures import HasNotice, HasPictures, Picture
from tasks.reports.render.renderer import HasSheets
from tasks.rows import Column, Row


class ReportFiles:
    """Files at these paths, of one result or of several sections; abandoned, none is left.

    A result without a section is the only one, unless there is one of their `own` for it.
    """

    def __init__(
        self,
        paths: Mapping[Path, Format],
        layout: Layout,
        limits: Limits,
        *,
        own: Section | None = None,
    ) -> None:
        self._paths, self._layout, self._limits, self._own = paths, layout, limits, own
        self._plain: list[Renderer] = []
        self._sections: list[SectionRenderer] = []
        self.rows = 0

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        """Begin the only result, or the next section; the first one opens the files."""
        section = section or self._own
        if section is None:
            for path, format in self._paths.items():
                self._plain.append(open_renderer(format, path, columns, self._layout))
        elif self._sections:
            for renderer in self._sections:
                renderer.next_section(section, columns)
        else:
            for path, format in self._paths.items():
                opened = open_sections(format, path, section, columns, self._layout)
                self._sections.append(opened)

    def write(self, batch: Sequence[Row]) -> None:
        """Append the rows to each file; raises JobError past a limit of all rows or all bytes."""
        self.rows += len(batch)
        self._limits.check_rows(self.rows)
        for renderer in self._renderers:
            renderer.write(batch)
        self._limits.check_files(self._paths)

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a sheet to the files that have sheets, before `close`; its rows are not counted.

        `rows` are read once for each of those files, so an iterator does for one of them only.
        """
        for renderer in self._renderers:
            if isinstance(renderer, HasSheets):
                renderer.add_sheet(title, columns, rows)

    def add_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these in the files that can show drawings, before `close`."""
        for renderer in self._renderers:
            if isinstance(renderer, HasPictures):
                renderer.add_pictures(pictures)

    @property
    def notices(self) -> dict[Path, str]:
        """What each file has to tell its reader, by its path; most have nothing."""
        notices = (one.notice if isinstance(one, HasNotice) else "" for one in self._renderers)
        return dict(zip(self._paths, notices, strict=False))

    def close(self) -> None:
        """Make the files whole; raises JobError where their ends make them too large."""
        for renderer in self._renderers:
            renderer.close()
        self._limits.check_files(self._paths)

    def abandon(self) -> None:
        for renderer in self._renderers:
            renderer.abandon()
        for path in self._paths:
            path.unlink(missing_ok=True)

    @property
    def _renderers(self) -> list[Renderer]:
        return [*self._plain, *self._sections]
