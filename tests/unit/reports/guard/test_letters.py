"""A character that one reader sees and another does not is refused wherever it stands."""

import pytest

from tasks.reports.guard import check


@pytest.mark.parametrize(
    ("sql", "column", "core"),
    [
        ("SELECT 1 FROM DUMMY； DROP TABLE X", 20, "U+FF1B (fullwidth semicolon)"),
        ("SELECT 1 FROM DUMMY\x00; DROP TABLE X", 20, "U+0000"),
        ("SELECT 'a\x00b' FROM DUMMY", 10, "U+0000"),
        ("SELECT\u00a01 FROM DUMMY", 7, "U+00A0 (no-break space)"),
        ("SELECT\u30001 FROM DUMMY", 7, "U+3000 (ideographic space)"),
        ("SELECT 1\u200b FROM DUMMY", 9, "U+200B (zero width space)"),
        ("SELECT 1 /* \u202e */ FROM DUMMY", 13, "U+202E (right-to-left override)"),
        ("SELECT '\u2066x' FROM DUMMY", 9, "U+2066"),
        ('SELECT "Doc\u200bNum" FROM ORDR', 12, "U+200B"),
        ("SELECT ’a’ FROM DUMMY", 8, "’ is a quote of print; write ' instead"),
        ("SELECT “DocNum” FROM ORDR", 8, '“ is a quote of print; write " instead'),
        ("SELECT ＇a＇ FROM DUMMY", 8, "U+FF07"),
        ("ＳＥＬＥＣＴ 1 FROM DUMMY", 1, "U+FF33"),
        ("\u017fELECT 1 FROM DUMMY", 1, "U+017F"),
        ("SELECT 1 FROM DUMMY -- x\r DROP TABLE X", 25, "Where this comment ends"),
        ("SELECT 1 FROM DUMMY -- x\u2028DROP TABLE X", 25, "Where this comment ends"),
        ("SELECT '\ud800' FROM DUMMY", 9, "U+D800"),
        ("\ufeffSELECT 1 FROM DUMMY", 1, "U+FEFF"),
    ],
)
def test_a_character_that_is_not_what_it_seems(sql: str, column: int, core: str) -> None:
    first = check(sql).problems[0]
    assert first.column == column
    assert core in first.message


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'ĞÜŞİÖÇ ğüşıöç – “€” 😀' AS \"Müşteri – €\" FROM DUMMY",
        "SELECT 1 AS Şehir FROM DUMMY -- “Şehir”, und Größe 日本",
        "SELECT '日本\u200d' FROM DUMMY /* … */",
    ],
)
def test_letters_of_every_language_are_fine(sql: str) -> None:
    assert check(sql).ok


def test_a_comment_with_the_line_ends_of_several_editors_is_fine() -> None:
    assert check("SELECT 1 -- one\r\r\nFROM DUMMY -- two\r\n -- three\r").ok


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whichever_way_they_end(end: str) -> None:
    problem = check(f"SELECT 1{end}FROM DUMMY{end}  WHERE FOO(1) = 1").problems[0]
    assert (problem.line, problem.column) == (3, 9)


def test_a_long_name_is_told_shortly() -> None:
    message = check(f"SELECT {'X' * 5_000}(1) FROM DUMMY").problems[0].message
    assert len(message) < 200
