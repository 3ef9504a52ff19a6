"""The styles of a workbook: each is a number format with a look, and has a number."""

from dataclasses import dataclass
from enum import IntEnum

from tasks.reports.render.codes import CLOCK, DAYS, GENERAL, TEXT, decimal_format
from tasks.reports.render.layout import Language
from tasks.reports.render.looks import Colour
from tasks.reports.render.xlsx.text import markup_escaped
from tasks.rows import Column, ColumnKind

FIRST_CUSTOM = 164


class Look(IntEnum):
    """What a cell is in the table."""

    BODY = 0
    HEADER = 1
    HEADER_OF_NUMBERS = 2
    TOTALS = 3
    SUBTOTALS = 4
    TITLE = 5
    ABOVE = 6
    NOTICE = 7
    HEADER_OF_FLAGS = 8


@dataclass(frozen=True, slots=True)
class _Parts:
    """The numbers of a look's font, fill and border in styles.xml, and how it is aligned."""

    font: int = 0
    fill: int = 0
    border: int = 0
    alignment: str = ""


FONT = '<font>{}<sz val="{}"/><color {}/><name val="Calibri"/><family val="2"/></font>'
FONTS = (
    '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    FONT.format("<b/>", 11, 'rgb="FFFFFFFF"'),
    FONT.format("<b/>", 11, 'rgb="FF1F3864"'),
    FONT.format("<b/>", 16, 'rgb="FF1F3864"'),
    FONT.format("", 10, 'rgb="FF595959"'),
    FONT.format("<i/>", 10, 'rgb="FF7F3F00"'),
)
SOLID = '<fill><patternFill patternType="solid"><fgColor rgb="{}"/></patternFill></fill>'
FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',  # Excel wants these two first
    SOLID.format("FF1F3864"),
    SOLID.format("FFE9EEF7"),
)
BORDER = "<border><left/><right/>{}{}<diagonal/></border>"
LINE = '<{0} style="{1}"><color rgb="FF1F3864"/></{0}>'
BORDERS = (
    BORDER.format("<top/>", "<bottom/>"),
    BORDER.format(LINE.format("top", "thin"), LINE.format("bottom", "double")),
    BORDER.format(LINE.format("top", "thin"), "<bottom/>"),
)
RIGHT = '<alignment horizontal="right"/>'  # also where a long sum is text
LOOKS = {
    Look.BODY: _Parts(),
    Look.HEADER: _Parts(1, 2, 0, '<alignment vertical="center"/>'),
    Look.HEADER_OF_NUMBERS: _Parts(1, 2, 0, '<alignment horizontal="right" vertical="center"/>'),
    Look.HEADER_OF_FLAGS: _Parts(1, 2, 0, '<alignment horizontal="center" vertical="center"/>'),
    Look.TOTALS: _Parts(2, 0, 1, RIGHT),
    Look.SUBTOTALS: _Parts(2, 3, 2, RIGHT),
    Look.TITLE: _Parts(3, 0, 0, '<alignment vertical="center"/>'),
    Look.ABOVE: _Parts(4),
    Look.NOTICE: _Parts(5),
}
HEADERS = frozenset({Look.HEADER, Look.HEADER_OF_NUMBERS, Look.HEADER_OF_FLAGS, Look.TITLE})
COLOURS = {
    Colour.RED: ("FFFFC7CE", "FF8A0010"),
    Colour.AMBER: ("FFFFE9A8", "FF6B4200"),
    Colour.GREEN: ("FFC9EFD0", "FF00501C"),
    Colour.BLUE: ("FFD6E6F8", "FF10356B"),
    Colour.GREY: ("FFE4E4E4", "FF363636"),
}
"""The fill and the letters of each colour of the rules."""


def number_format(column: Column, language: Language) -> str:
    """How the column's values are shown; Excel puts the reader's own separators in."""
    match column.kind:
        case ColumnKind.DECIMAL:
            return decimal_format(column.scale)
        case ColumnKind.DATE:
            return DAYS[language]
        case ColumnKind.DATETIME:
            return f"{DAYS[language]} {CLOCK}"
        case ColumnKind.TIME:
            return CLOCK
        case ColumnKind.TEXT:
            return TEXT
        case _:
            return GENERAL


class Styles:
    """Collects the styles that a workbook uses; number 0 is the plain one."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Look], int] = {(GENERAL, Look.BODY): 0}
        self._colours: dict[Colour, int] = {}

    def number(self, code: str, look: Look = Look.BODY) -> int:
        return self._numbers.setdefault((code, look), len(self._numbers))

    def colour(self, colour: Colour) -> int:
        """The number of the style that a rule lays over a cell."""
        return self._colours.setdefault(colour, len(self._colours))

    def xml(self) -> str:
        codes = list(dict.fromkeys(code for code, _ in self._numbers if code != GENERAL))
        ids = {GENERAL: 0} | {code: FIRST_CUSTOM + n for n, code in enumerate(codes)}
        formats = [
            f'<numFmt numFmtId="{ids[code]}" formatCode="{quoted(code)}"/>' for code in codes
        ]
        styles = [cell_style(ids[code], look) for code, look in self._numbers]
        colours = [colour_style(colour) for colour in self._colours]
        return (
            '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + (counted("numFmts", formats) if formats else "")
            + counted("fonts", FONTS)
            + counted("fills", FILLS)
            + counted("borders", BORDERS)
            + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
            + "</cellStyleXfs>"
            + counted("cellXfs", styles)
            + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            + (counted("dxfs", colours) if colours else "")
            + "</styleSheet>"
        )


def cell_style(format_id: int, look: Look) -> str:
    parts = LOOKS[look]
    alignment = parts.alignment if format_id or look in HEADERS else ""
    return (
        f'<xf numFmtId="{format_id}" fontId="{parts.font}" fillId="{parts.fill}"'
        f' borderId="{parts.border}"'
        ' xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'
        f' applyAlignment="1">{alignment}</xf>'
    )


def colour_style(colour: Colour) -> str:
    fill, letters = COLOURS[colour]
    return (
        f'<dxf><font><color rgb="{letters}"/></font>'
        f'<fill><patternFill patternType="solid"><bgColor rgb="{fill}"/></patternFill></fill></dxf>'
    )


def quoted(code: str) -> str:
    """A number format as an attribute: its words stand in quotes."""
    return markup_escaped(code).replace('"', "&quot;")


def counted(name: str, parts: "list[str] | tuple[str, ...]") -> str:
    return f'<{name} count="{len(parts)}">{"".join(parts)}</{name}>'
