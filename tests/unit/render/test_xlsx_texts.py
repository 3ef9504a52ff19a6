"""Hostile texts: nothing is run, nothing is lost, nothing breaks the file."""

from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind
from tests.unit.render.files import a_cell, a_column, a_workbook, sheet_of, values_of

HOSTILE = [
    "=1+1",
    "+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "& < > \" ' ]]>",
    "<script>",
    "&amp;",
    "%s %d %(x)s {} {0}",
    "  spaces  ",
    "\ttab\tand\nlines\n",
    "carriage\r\nreturn\r",
    "bell\x07 null\x00 unit\x1f",
    "_x0041_",
    "_x005F_x0041_",
    "_xabcd_x0041_",
    "a_x",
    "¦",
    "a¦&¦b",
    "\x7f\x85\xa0\u2028\u200f",
    "İıŞşĞğÇçÖöÜü ₺",
    "😀 e\u0301",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_back_as_it_was(tmp_path: Path, text: str) -> None:
    assert a_cell(tmp_path, text) == text


def test_hostile_texts_do_not_harm_their_neighbours(tmp_path: Path) -> None:
    rows = [(text, f"{n:04}", HOSTILE[-n]) for n, text in enumerate(HOSTILE)]
    columns = [Column(name, ColumnKind.TEXT) for name in ("=A1", "B & <B>", "100%s")]
    path = a_workbook(tmp_path, columns, rows)
    assert values_of(path) == [["=A1", "B & <B>", "100%s"], *map(list, rows)]


def test_no_text_is_a_formula(tmp_path: Path) -> None:
    sheet = sheet_of(a_workbook(tmp_path, [a_column()], [(text,) for text in HOSTILE]))
    assert {cell.data_type for cell in sheet["A"]} <= {"s", "inlineStr", "n"}


def test_a_half_of_a_letter_is_replaced_and_two_halves_are_joined(tmp_path: Path) -> None:
    assert a_cell(tmp_path, "a\ud800b") == "a\ufffdb"
    assert a_cell(tmp_path, "\ud83d\ude00") == "😀"


def test_what_xml_cannot_hold_is_escaped(tmp_path: Path) -> None:
    assert a_cell(tmp_path, "a\ufffe\uffffb") == "a_xFFFE__xFFFF_b"


@pytest.mark.parametrize("text", ["x" * 32_767, "😀" * 16_383])
def test_the_longest_text_of_a_cell_is_kept_whole(tmp_path: Path, text: str) -> None:
    assert a_cell(tmp_path, text) == text


@pytest.mark.parametrize("text", ["x" * 32_768, "😀" * 16_384])
def test_a_text_too_long_for_a_cell_fails_the_file_and_names_its_place(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(JobError, match=r'column "A text", row 3 .* 32,767') as caught:
        a_workbook(tmp_path, [a_column()], [("short",), (text,)])
    assert (caught.value.kind, caught.value.transient) == (ErrorKind.RENDER, False)
    assert list(tmp_path.iterdir()) == []
