"""The styles of a workbook: each is a number format with a look, and has a number."""

from enum import IntEnum

from tasks.reports.render.layout import Language
from tasks.reports.render.xlsx.text import markup_escaped
from tasks.rows import Column, ColumnKind

GENERAL, TEXT = "General", "@"
WHOLE, LENGTH, CLOCK = "#,##0", "[h]:mm:ss", "hh:mm:ss"
DAYS = {Language.ENGLISH: "yyyy-mm-dd", Language.TURKISH: "dd.mm.yyyy"}
FIRST_CUSTOM = 164
MAX_SCALE = 15


class Look(IntEnum):
    """The number of a look is that of its font, its fill and its border in styles.xml."""

    BODY = 0
    HEADER = 1
    TOTALS = 2


FONT = '<font>{}<sz val="11"/>{}<name val="Calibri"/><family val="2"/></font>'
FONTS = (
    FONT.format("", ""),
    FONT.format("<b/>", '<color rgb="FFFFFFFF"/>'),
    FONT.format("<b/>", ""),
)
FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',  # Excel wants these two first
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F3864"/></patternFill></fill>',
)
BORDER = "<border><left/><right/>{}<bottom/><diagonal/></border>"
BORDERS = (
    BORDER.format("<top/>"),
    BORDER.format("<top/>"),
    BORDER.format('<top style="thin"><color auto="1"/></top>'),
)
ALIGNMENTS = {
    Look.BODY: "",
    Look.HEADER: '<alignment vertical="center"/>',
    Look.TOTALS: '<alignment horizontal="right"/>',  # also where a long sum is text
}
FILL_OF = {Look.BODY: 0, Look.HEADER: 2, Look.TOTALS: 0}


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


def decimal_format(scale: int | None) -> str:
    if scale is None:
        return "#,##0.00####"
    return f"{WHOLE}.{'0' * min(scale, MAX_SCALE)}" if scale > 0 else WHOLE


class Styles:
    """Collects the styles that a workbook uses; number 0 is the plain one."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Look], int] = {(GENERAL, Look.BODY): 0}

    def number(self, code: str, look: Look = Look.BODY) -> int:
        return self._numbers.setdefault((code, look), len(self._numbers))

    def xml(self) -> str:
        codes = list(dict.fromkeys(code for code, _ in self._numbers if code != GENERAL))
        ids = {GENERAL: 0} | {code: FIRST_CUSTOM + n for n, code in enumerate(codes)}
        formats = [
            f'<numFmt numFmtId="{ids[code]}" formatCode="{markup_escaped(code)}"/>'
            for code in codes
        ]
        styles = [cell_style(ids[code], look) for code, look in self._numbers]
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
            + "</styleSheet>"
        )


def cell_style(format_id: int, look: Look) -> str:
    alignment = ALIGNMENTS[look] if format_id or look is Look.HEADER else ""
    return (
        f'<xf numFmtId="{format_id}" fontId="{look}" fillId="{FILL_OF[look]}" borderId="{look}"'
        ' xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'
        f' applyAlignment="1">{alignment}</xf>'
    )


def counted(name: str, parts: "list[str] | tuple[str, ...]") -> str:
    return f'<{name} count="{len(parts)}">{"".join(parts)}</{name}>'
