"""One sheet: header, rows, totals, and what stands around them in its XML."""

from collections.abc import Sequence

from tasks.reports.render.text import utf8
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.parts import DECLARATION, MAIN
from tasks.reports.render.xlsx.text import xml_text

TEXT_CELL = '<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: A, Z, AA, XFD."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_cell(name: str, style: int, text: str) -> str:
    return TEXT_CELL.format(name, style, xml_text(text))


class Sheet:
    """A sheet of the archive, open until `finish`; row 1 is the header."""

    def __init__(self, archive: Archive, number: int, name: str, width: int) -> None:
        self._archive = archive
        self._number = number
        self.name = name
        self.rows = 0
        self._last = column_letters(width - 1)

    @property
    def last_row(self) -> int:
        """The last row with values: 1 where there is only the header."""
        return self.rows + 1

    @property
    def filtered(self) -> str:
        return f"$A$1:${self._last}${self.last_row}"

    def start(self, header: Sequence[str], header_style: int, widths: Sequence[int]) -> None:
        self._archive.start(f"xl/worksheets/sheet{self._number}.xml")
        cells = (
            text_cell(f"{column_letters(n)}1", header_style, text) for n, text in enumerate(header)
        )
        selected = ' tabSelected="1"' if self._number == 1 else ""
        self._write(
            f'{DECLARATION}<worksheet xmlns="{MAIN}">'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView{selected} workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns_xml(widths)}</cols><sheetData>'
            f'<row r="1" ht="20" customHeight="1">{"".join(cells)}</row>'
        )

    def write(self, columns: Sequence[ColumnCells], values: Sequence[Sequence[object]]) -> None:
        """Append the rows, given column by column."""
        first, count = self.last_row + 1, len(values[0])
        rows = list(map(str, range(first, first + count)))
        pieces = [c.piece(v, rows) for c, v in zip(columns, values, strict=True)]
        template = f'<row r="%s">{"".join(piece for piece, _ in pieces)}</row>'
        arguments = zip(rows, *(slot for _, slots in pieces for slot in slots), strict=True)
        self._write("".join(map(template.__mod__, arguments)))
        self.rows += count

    def write_totals(self, cells: str) -> None:
        self._write(f'<row r="{self.last_row + 1}">{cells}</row>')

    def finish(self) -> None:
        area = f"A1:{self._last}{self.last_row}"
        self._write(
            f'</sheetData><autoFilter ref="{area}"/>'
            '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            # Codes with leading zeros are meant as text: no green corner in every cell.
            f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
            "</worksheet>"
        )
        self._archive.finish()

    def _write(self, xml: str) -> None:
        self._archive.write(utf8(xml))


def columns_xml(widths: Sequence[int]) -> str:
    return "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
