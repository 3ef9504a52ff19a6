"""The formatted form of a mail: what it shows, and that no value becomes markup."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import html

from tasks.errors import JobError
from tasks.reports.figures import Figure, Figures
from tasks.reports.first_rows import FirstRows, Sample
from tasks.reports.mail.content import Shown, key_figures
from tasks.reports.mail.page import line_on_top, page
from tasks.reports.mail.words import Before
from tasks.reports.render.layout import Language, Layout
from tasks.rows import Column, ColumnKind

TURKISH = Layout("Açık faturalar", Language.TURKISH)
COLUMNS = [
    Column("Müşteri", ColumnKind.TEXT),
    Column("Bakiye", ColumnKind.DECIMAL, 6),
    Column("Vade", ColumnKind.DATE),
]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\0\x1b"


def figures(total: str) -> Figures:
    return Figures(3, {"Bakiye": Figure(ColumnKind.DECIMAL, 3, Decimal(total), scale=2)})


def test_the_first_rows_are_a_table_as_the_reader_writes_values() -> None:
    sample = Sample(COLUMNS, [("Şişli", Decimal("-1234.5"), date(2026, 3, 1)), (None, None, None)])
    tree = html.fromstring(page(TURKISH, "Merhaba\nDünya", rows=1_200, sample=sample))
    cells = [cell.text for cell in tree.iter("td")]
    assert cells == ["Şişli", "-1.234,50", "01.03.2026", None, None, None]
    assert [one.get("align") for one in tree.iter("th")] == ["left", "right", "left"]
    assert tree.findtext(".//caption") == "1.200 satırın ilk 2 satırı"
    assert tree.get("lang") == "tr"
    assert "Merhaba" in html.tostring(tree, encoding="unicode")


def test_no_value_becomes_markup() -> None:
    columns = [Column(HOSTILE, ColumnKind.TEXT)]
    made = page(
        Layout(HOSTILE),
        HOSTILE,
        rows=1,
        sample=Sample(columns, [(HOSTILE,)]),
        key_figures=key_figures([], figures("1"), None, Language.ENGLISH),
        pictures=[Shown(HOSTILE, HOSTILE, HOSTILE, 10, 10)],
        notices=[HOSTILE],
    )
    tree = html.fromstring(line_on_top(made, [HOSTILE]))
    assert list(tree.iter("script")) == []
    assert [one.get("onerror") for one in tree.iter("img")] == [None]
    assert "\0" not in made
    assert "\x1b" not in made


def test_nothing_is_loaded_from_anywhere() -> None:
    made = page(TURKISH, "https://example.com/x", rows=0, pictures=[Shown("a.png", "", "", 9, 9)])
    tree = html.fromstring(made)
    assert [one.get("src") for one in tree.iter("img")] == ["cid:a.png"]
    assert not tree.xpath("//link | //script | //iframe | //object | //form")
    assert "url(" not in made


def test_a_line_on_top_cannot_be_put_in_by_a_value() -> None:
    made = page(Layout("<!-- top -->"), "<!-- top -->", rows=0)
    assert made.count("<!-- top -->") == 1
    told = line_on_top(made, ["Deneme"])
    assert told.index("Deneme") < told.index("<h1")


def test_sums_stand_in_large_letters_with_their_change() -> None:
    before = Before(figures("900"), datetime(2026, 2, 28, tzinfo=UTC))
    (now,) = key_figures(["Bakiye"], figures("1000.5"), before, Language.TURKISH)
    assert (now.label, now.value) == ("Bakiye", "1.000,50")
    assert now.change == "28.02.2026 tarihine göre +100,50"
    (first,) = key_figures(["Bakiye"], figures("1000.5"), None, Language.ENGLISH)
    assert (first.value, first.change) == ("1,000.50", "")
    with pytest.raises(JobError, match="no column “Saldo”"):
        key_figures(["Saldo"], figures("1"), None, Language.ENGLISH)


def test_a_long_cell_is_shortened_in_the_mail_only() -> None:
    sample = Sample([Column("x", ColumnKind.TEXT)], [("y" * 5_000,)])
    (cell,) = html.fromstring(page(TURKISH, "", rows=1, sample=sample)).iter("td")
    assert cell.text == "y" * 199 + "…"


def test_the_first_rows_of_the_first_result_are_kept() -> None:
    rows = FirstRows(3)
    rows.begin(COLUMNS)
    rows.write([(1,), (2,)])
    rows.write([(3,), (4,)])
    rows.begin(COLUMNS[:1])
    rows.write([(5,)])
    assert (rows.sample.columns, rows.sample.rows) == (COLUMNS, ((1,), (2,), (3,)))
