"""One sheet: what stands above, header, rows, totals, and what stands around them in its XML."""

from collections.abc import Sequence

from tasks.reports.render.text import utf8
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.parts import DECLARATION, MAIN
from tasks.reports.render.xlsx.text import column_letters, xml_text

TEXT_CELL = '<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
HEADER_HEIGHT = 20

StyledText = tuple[str, int]
"""A text, and the number of its style."""


def text_cell(name: str, style: int, text: str) -> str:
    return TEXT_CELL.format(name, style, xml_text(text))


class Sheet:
    """A sheet of the archive, open until `finish`; `rows` are those below its header."""

    def __init__(self, archive: Archive, number: int, name: str, width: int) -> None:
        self._archive = archive
        self._number = number
        self.name = name
        self.header_row = 1
        self.rows = 0
        self._levels = 0
        self._last = column_letters(width - 1)

    @property
    def first_row(self) -> int:
        """The first row below the header."""
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """The last row with values: that of the header where there are none."""
        return self.header_row + self.rows

    @property
    def filtered(self) -> str:
        return f"$A${self.header_row}:${self._last}${self.last_row}"

    def start(
        self,
        above: Sequence[StyledText],
        header: Sequence[StyledText],
        widths: Sequence[int],
        levels: int = 0,
    ) -> None:
        """Begin with a row for each text `above`, and one that stays empty after them.

        `levels` is how deep the rows can be folded.
        """
        self.header_row, self._levels = len(above) + 2 if above else 1, levels
        self._archive.start(f"xl/worksheets/sheet{self._number}.xml")
        self._write(
            f'{DECLARATION}<worksheet xmlns="{MAIN}">'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f"<sheetViews>{self._view()}</sheetViews>"
            f'<sheetFormatPr defaultRowHeight="15"{outline(levels, "outlineLevelRow")}/>'
            f"<cols>{columns_xml(widths)}</cols><sheetData>"
        )
        for row, (text, style) in enumerate(above, 1):
            height = ' ht="24" customHeight="1"' if row == 1 else ""
            self._write(f'<row r="{row}"{height}>{text_cell(f"A{row}", style, text)}</row>')
        cells = (
            text_cell(f"{column_letters(n)}{self.header_row}", style, text)
            for n, (text, style) in enumerate(header)
        )
        self._write(
            f'<row r="{self.header_row}" ht="{HEADER_HEIGHT}" customHeight="1">'
            f"{''.join(cells)}</row>"
        )

    def reserve(self, count: int) -> list[str]:
        """The numbers of the next rows, which the caller then appends in their order."""
        first = self.last_row + 1
        self.rows += count
        return list(map(str, range(first, first + count)))

    def lines(
        self,
        columns: Sequence[ColumnCells],
        values: Sequence[Sequence[object]],
        rows: Sequence[str],
    ) -> list[str]:
        """The XML of rows with these numbers, their values given column by column."""
        pieces = [c.piece(v, rows) for c, v in zip(columns, values, strict=True)]
        row = f'<row r="%s"{outline(self._levels)}>'
        template = f"{row}{''.join(piece for piece, _ in pieces)}</row>"
        arguments = zip(rows, *(slot for _, slots in pieces for slot in slots), strict=True)
        return list(map(template.__mod__, arguments))

    def append(self, lines: Sequence[str]) -> None:
        """Write rows whose numbers were reserved."""
        self._write("".join(lines))

    def write_last(self, cells: str) -> None:
        """Write the row below all others, which the filter leaves where it is."""
        self._write(f'<row r="{self.last_row + 1}">{cells}</row>')

    def finish(self, *, rules: str, footer: str) -> None:
        """End the sheet with its rules of colour and what stands below each printed page."""
        area = f"A{self.header_row}:{self._last}{self.last_row}"
        self._write(
            f'</sheetData><autoFilter ref="{area}"/>{rules}'
            '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.7" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            f"<headerFooter><oddFooter>{xml_text(footer)}</oddFooter></headerFooter>"
            # Codes with leading zeros are meant as text: no green corner in every cell.
            f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
            "</worksheet>"
        )
        self._archive.finish()

    def _view(self) -> str:
        selected = ' tabSelected="1"' if self._number == 1 else ""
        first = f"A{self.first_row}"
        return (
            f'<sheetView{selected} workbookViewId="0">'
            f'<pane ySplit="{self.header_row}" topLeftCell="{first}" activePane="bottomLeft"'
            ' state="frozen"/>'
            f'<selection pane="bottomLeft" activeCell="{first}" sqref="{first}"/></sheetView>'
        )

    def _write(self, xml: str) -> None:
        self._archive.write(utf8(xml))


def outline(level: int, name: str = "outlineLevel") -> str:
    return f' {name}="{level}"' if level else ""


def columns_xml(widths: Sequence[int]) -> str:
    return "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
