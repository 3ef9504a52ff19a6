"""What stands where a number should in a workbook ends in words, at once or when it is filled."""

from contextlib import suppress
from pathlib import Path

import pytest

from tasks.errors import Invalid, JobError
from tasks.reports.workbooks.findings import examined
from tests.unit.workbooks.changing import changed, replacing
from tests.unit.workbooks.samples import filled

BROKEN = "is no Excel workbook"
SHEET, DRAWING, STYLES = "xl/worksheets/sheet2.xml", "xl/drawings/drawing2.xml", "xl/styles.xml"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b'<row r="3"', b'<row r="%s"' % (b"9" * 5_000)),
        (SHEET, b'<row r="3"', b'<row r="x"'),
        (SHEET, b'<col min="1" max="1"', b'<col min="1" max="x"'),
        (SHEET, b'<c r="C4" s="', b'<c r="C4" s="x'),
        (STYLES, b'numFmtId="164"', b'numFmtId="x"'),
        (DRAWING, b"<xdr:row>14</xdr:row>", b"<xdr:row>x</xdr:row>"),
        (DRAWING, b"<xdr:row>14</xdr:row>", b"<xdr:row>%s</xdr:row>" % (b"9" * 5_000)),
        (DRAWING, b"<xdr:row>14</xdr:row>", b"<xdr:row/>"),
    ],
)
def test_numbers_that_are_none_end_in_words(
    tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    content = changed(replacing(part, old, new))
    with pytest.raises((Invalid, JobError), match=BROKEN):
        filled(tmp_path / "x.xlsx", content)
    with suppress(Invalid):  # what is not read at first is found when it is filled
        examined(content).check_has_place()
    assert list(tmp_path.iterdir()) == []
