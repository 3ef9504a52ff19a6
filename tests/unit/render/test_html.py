"""One page for a browser: safe, whole by itself, and to be used by everybody."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from tasks.reports.render import Format, Language, Layout, Section, open_sections
from tasks.reports.render.html import HtmlRenderer
from tasks.reports.render.html.guarding import GUARD
from tasks.reports.render.pictures import Picture
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.readers import a_file, html_tables

HOSTILE = '<script>alert(1)</script><img src=x onerror="a()">"\'&'
NAME, AMOUNT = Column("Ad <b>", ColumnKind.TEXT), Column("Tutar", ColumnKind.DECIMAL, 2)
LAYOUT = Layout(HOSTILE, Language.TURKISH, about=(("Rapor", f"{HOSTILE}."),), made_at="16.03.2026")
ROWS: list[Row] = [("Çağrı", Decimal("1234.5")), (HOSTILE, Decimal("1.25"))]


def the_page(path: Path) -> html.HtmlElement:
    return html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()


def test_it_asks_nobody_and_runs_nothing_whatever_a_value_says(tmp_path: Path) -> None:
    page = the_page(a_file(tmp_path, Format.HTML, LAYOUT, NAME, AMOUNT, rows=ROWS))
    assert page.xpath("//script | //img | //link | //iframe | //@onerror | //@src | //@href") == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert page.findtext(".//title") == HOSTILE
    assert page.findtext(".//h1") == HOSTILE
    assert page.findtext(".//dd") == f"{HOSTILE}."


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\n=1", "\xa0=1"]
)
def test_no_text_becomes_a_formula_where_the_page_is_opened_as_a_sheet(
    tmp_path: Path, text: str
) -> None:
    layout = Layout(text, about=((text, f"{text}."),), totals=())
    columns = Column(text, ColumnKind.TEXT), Column("N", ColumnKind.INTEGER)
    rows: list[Row] = [("plain", -1), (text, text), (None, -2)]
    path = a_file(tmp_path, Format.HTML, layout, *columns, rows=rows)
    page, guarded = the_page(path), GUARD + text
    assert html_tables(path) == [[[guarded, "N"], ["plain", "-1"], [guarded] * 2, ["", "-2"]]]
    assert [page.findtext(f".//{name}") for name in ("h1", "dt", "dd")] == [
        guarded,
        guarded,
        f"{guarded}.",
    ]


def test_its_table_is_one_that_a_screen_reader_reads(tmp_path: Path) -> None:
    page = the_page(a_file(tmp_path, Format.HTML, LAYOUT, NAME, AMOUNT, rows=ROWS))
    assert page.get("lang") == "tr"
    assert page.xpath("//thead//th/@scope") == ["col", "col"]
    (region,) = page.xpath("//div[@role='region']")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", HOSTILE)
    assert [cell.get("class") for cell in page.xpath("//tbody/tr[1]/td")] == [None, "n"]


def test_its_totals_stand_below_in_the_signs_of_the_language(tmp_path: Path) -> None:
    (table,) = html_tables(a_file(tmp_path, Format.HTML, LAYOUT, NAME, AMOUNT, rows=ROWS))
    assert table == [["Ad <b>", "Tutar"], ["Çağrı", "1.234,50"], [HOSTILE, "1,25"],
                     ["Toplam", "1.235,75"]]  # fmt: skip


def test_sections_are_tables_under_their_names(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with open_sections(Format.HTML, path, Section("TR", "Şirket"), [NAME], LAYOUT) as renderer:
        renderer.write([("a",)])
        renderer.next_section(Section("<DE>", "Şirket"), [AMOUNT])
    page = the_page(path)
    assert [one.text_content() for one in page.xpath("//h2")] == ["Şirket: TR", "Şirket: <DE>"]
    assert [one.text_content() for one in page.xpath("//p[@class='rows']")] == [
        "Satır: 1", "Satır: 0",
    ]  # fmt: skip


def test_a_picture_is_in_the_page_itself_and_has_words(tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 2), "red").save(drawn, "PNG")
    path = tmp_path / "report.html"
    with HtmlRenderer(path, [NAME], LAYOUT) as renderer:
        renderer.add_pictures([Picture("Bakiye", drawn.getvalue(), "Bakiye <arttı>")])
    (image,) = the_page(path).xpath("//figure/img")
    assert image.get("src").startswith("data:image/png;base64,iVBOR")
    assert image.get("alt") == "Bakiye <arttı>"


def test_a_table_beside_the_results_has_no_totals(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with HtmlRenderer(path, [AMOUNT], LAYOUT) as renderer:
        renderer.write([(Decimal(1),)])
        renderer.add_sheet("Yeni", [AMOUNT], iter([(Decimal(2),)] * 6_000))
    first, second = html_tables(path)
    assert first == [["Tutar"], ["1,00"], ["Toplam", "1,00"][1:]]
    assert second == [["Tutar"], *[["2,00"]] * 6_000]
