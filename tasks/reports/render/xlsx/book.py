"""The workbook around its sheets: the archive, the styles, and a name for each sheet."""

from itertools import count
from typing import BinaryIO

from tasks.reports.render.xlsx import parts
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.render.xlsx.sheet import Sheet
from tasks.reports.render.xlsx.styles import Styles


class Book:
    """An archive to which sheets are added one after the other; the other parts come last."""

    def __init__(self, file: BinaryIO) -> None:
        self.styles = Styles()
        self._archive = Archive(file)
        self._sheets: list[Sheet] = []
        self._taken: set[str] = set()

    def new_sheet(self, name: str, width: int) -> Sheet:
        """Add a sheet of this free name and number of columns; the one before is finished."""
        if not self._sheets:
            self._add_first_parts()
        self._taken.add(name.lower())
        self._sheets.append(Sheet(self._archive, len(self._sheets) + 1, name, width))
        return self._sheets[-1]

    def free_name(self, title: str, number: int) -> str:
        """A name for the sheet with this number of those called so.

        Excel minds no case, so `A` and `a` are one name to it.
        """
        names = (parts.sheet_name(title, n) for n in count(number))
        return next(name for name in names if name.lower() not in self._taken)

    def finish(self, title: str) -> None:
        """Write the parts that tell of the sheets, and close the archive."""
        told = [(sheet.name, sheet.filtered, sheet.header_row) for sheet in self._sheets]
        self._add("xl/workbook.xml", parts.workbook(told))
        self._add("xl/_rels/workbook.xml.rels", parts.workbook_relationships(len(told)))
        self._add("xl/styles.xml", self.styles.xml())
        self._add("docProps/core.xml", parts.core_properties(title))
        self._archive.close()

    def _add_first_parts(self) -> None:
        # Mail filters tell a workbook from any other zip by the first three names, in this order.
        self._add("[Content_Types].xml", parts.content_types())
        self._add("_rels/.rels", parts.package_relationships())

    def _add(self, name: str, xml: str) -> None:
        self._archive.add(name, (parts.DECLARATION + xml).encode())
