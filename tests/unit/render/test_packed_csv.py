"""CSV as gzip, for who keeps much of it."""

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.reports.render import Format, Section, open_sections
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import A_LAYOUT, a_column
from tests.unit.render.readers import a_file, csv_rows

PACKED = replace(A_LAYOUT, gzip=True)
MANY: list[Row] = [(f"Çağrı {n}",) for n in range(20_000)]


def test_it_unpacks_to_the_same_lines_and_is_smaller(tmp_path: Path) -> None:
    plain = a_file(tmp_path, Format.CSV, A_LAYOUT, a_column(), rows=MANY).read_bytes()
    packed = a_file(tmp_path, Format.CSV, PACKED, a_column(), rows=MANY).read_bytes()
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 4


def test_the_same_rows_give_the_same_bytes_without_name_or_time(tmp_path: Path) -> None:
    digests, heads = set(), set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        content = a_file(tmp_path / name, Format.CSV, PACKED, a_column(), rows=MANY).read_bytes()
        digests.add(hashlib.sha256(content).hexdigest())
        heads.add(content[:8])
    assert len(digests) == 1
    assert {(head[3], head[4:8]) for head in heads} == {(0, bytes(4))}


def test_an_empty_result_unpacks_to_its_header(tmp_path: Path) -> None:
    assert csv_rows(a_file(tmp_path, Format.CSV, PACKED, a_column(), rows=[])) == [["A text"]]


def test_sections_are_packed_together(tmp_path: Path) -> None:
    path = tmp_path / "report.csv.gz"
    column = Column("N", ColumnKind.INTEGER)
    with open_sections(Format.CSV, path, Section("TR", "Company"), [column], PACKED) as renderer:
        renderer.write([(1,)])
        renderer.next_section(Section("DE", "Company"), [column])
        renderer.write([(2,)])
    assert csv_rows(path) == [["Company", "N"], ["TR", "1"], ["DE", "2"]]


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="values for"):
        a_file(tmp_path, Format.CSV, PACKED, a_column(), rows=[("a", "b")])
    assert list(tmp_path.iterdir()) == []
