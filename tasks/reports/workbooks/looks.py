"""The styles of a template, to which number formats are added that its own cells lack."""

from copy import deepcopy

from tasks.reports.render.codes import GENERAL, TEXT
from tasks.reports.render.xlsx.styles import Look, Styles
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.xml import Element

FIRST_CUSTOM = 164
BUILT_IN = {GENERAL: 0, TEXT: 49}


class TemplateLooks:
    """styles.xml of a template; `like` gives numbers of its cell styles, and adds new ones."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._cells = xml.child(root, "cellXfs")
        self._formats = xml.child(root, "numFmts")
        self._added: dict[tuple[int, str], int] = {}

    def like(self, style: int, code: str) -> int:
        """Return the style as it is, but with this number format."""
        if code == GENERAL or self._cells is None:
            return style
        if (style, code) not in self._added:
            self._added[style, code] = self._add(style, code)
        return self._added[style, code]

    def is_general(self, style: int) -> bool:
        """Whether the style says nothing of how numbers are shown."""
        if self._cells is None or style >= len(self._cells):
            return True
        return bool(self._cells[style].get("numFmtId", "0") == "0")

    def _add(self, style: int, code: str) -> int:
        count = len(self._cells)
        made = deepcopy(self._cells[style if style < count else 0])
        made.set("numFmtId", str(self._format(code)))
        made.set("applyNumberFormat", "1")
        self._cells.append(made)
        self._cells.set("count", str(count + 1))
        return count

    def _format(self, code: str) -> int:
        if code in BUILT_IN:
            return BUILT_IN[code]
        if self._formats is None:
            self._formats = xml.element("numFmts", count="0")
            self.root.insert(0, self._formats)
        used = [int(one.get("numFmtId", "0")) for one in self._formats]
        number = max([FIRST_CUSTOM - 1, *used]) + 1
        xml.new(self._formats, "numFmt", numFmtId=str(number), formatCode=code)
        self._formats.set("count", str(len(self._formats)))
        return number


class ColumnLooks(Styles):
    """The styles of one column: that of its template's cell, with a format where it has none."""

    def __init__(self, looks: TemplateLooks, style: int, code: str) -> None:
        """`code` is the format of the column's own values, which the template's cell may name."""
        super().__init__()
        self._looks, self.plain, self._own = looks, style, code

    def number(self, code: str, look: Look = Look.BODY) -> int:  # noqa: ARG002 (as of `Styles`)
        if code == self._own and code != TEXT and not self._looks.is_general(self.plain):
            return self.plain
        return self._looks.like(self.plain, code)
