"""Pages that an accountant keeps: what stands on them, and that nothing is left out in silence."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tasks.errors import ErrorKind, JobError
from tasks.reports.render import Format, Language, Layout, Section, open_sections
from tasks.reports.render.pdf import PdfRenderer
from tasks.reports.render.pictures import Picture
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.readers import a_file, pdf_pages

CODE, DAY = Column("Code", ColumnKind.TEXT), Column("Day", ColumnKind.DATE)
AMOUNT = Column("Amount", ColumnKind.DECIMAL, 2)
COLUMNS = (CODE, DAY, AMOUNT)
LAYOUT = Layout(
    "Open invoices",
    about=(("Meant for", "2026-03-16 09:00"), ("Month", "2026-02")),
    meant_for="Meant for: 2026-03-16 09:00",
    made_at="Made at: 2026-03-16 09:01",
)
TURKISH = replace(LAYOUT, language=Language.TURKISH)


def rows(count: int) -> list[Row]:
    return [(f"C{n:05}", date(2026, 2, 1), Decimal(n) + Decimal("0.50")) for n in range(count)]


def a_pdf(folder: Path, count: int, layout: Layout = LAYOUT) -> list[str]:
    return pdf_pages(a_file(folder, Format.PDF, layout, *COLUMNS, rows=rows(count)))


def papers(path: Path) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(path) as document:
        return [(round(page.get_width()), round(page.get_height())) for page in document]


def test_every_page_has_its_heads_and_says_which_of_how_many_it_is(tmp_path: Path) -> None:
    pages = a_pdf(tmp_path, 150)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Code Day Amount" in page
        assert "Made at: 2026-03-16 09:01" in page
        assert page.startswith("Open invoices")
    assert all("Meant for: 2026-03-16 09:00" in page for page in pages[1:])


def test_the_first_page_says_what_the_report_is(tmp_path: Path) -> None:
    first, *others = a_pdf(tmp_path, 150)
    assert "Month 2026-02" in first
    assert not any("Month" in page for page in others)


def test_every_row_stands_on_exactly_one_page_and_the_sum_below_the_last(tmp_path: Path) -> None:
    pages = a_pdf(tmp_path, 300)
    codes = re.findall(r"C\d{5}", "".join(pages))
    assert codes == [f"C{n:05}" for n in range(300)]
    assert "Total 45,000.00" in pages[-1]


def test_turkish_pages_have_turkish_words_and_signs(tmp_path: Path) -> None:
    (page,) = a_pdf(tmp_path, 2, TURKISH)
    assert "01.02.2026 1,50" in page
    assert "Toplam 2,00" in page
    assert "Sayfa 1 / 1" in page


def test_a_report_without_rows_says_so(tmp_path: Path) -> None:
    (page,) = a_pdf(tmp_path, 0)
    assert "Code Day Amount\nNo rows." in page
    (page,) = a_pdf(tmp_path, 0, TURKISH)
    assert "Satır yok." in page


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        (
            replace(LAYOUT, whole_in=(Format.XLSX, Format.CSV)),
            "These pages show the first 1,000 of 1,234 rows. The totals count all rows. All rows "
            "are in the other file of this report: Excel, CSV.",
        ),
        (
            replace(LAYOUT, totals=()),
            "These pages show the first 1,000 of 1,234 rows. Choose Excel or CSV in the task to "
            "get all of them.",
        ),
        (
            replace(TURKISH, whole_in=(Format.XLSX,)),
            "Bu sayfalar 1.234 satırın ilk 1.000 satırını gösterir. Toplamlar bütün satırları "
            "sayar. Satırların tümü raporun öbür dosyasındadır: Excel.",
        ),
    ],
)
def test_rows_beyond_the_most_are_named_on_the_last_page_and_to_who_sends_it(
    tmp_path: Path, layout: Layout, sentence: str
) -> None:
    path = tmp_path / "report.pdf"
    with PdfRenderer(path, COLUMNS, replace(layout, pdf_max_rows=1_000)) as renderer:
        for start in range(0, 1_234, 100):
            renderer.write(rows(1_234)[start : start + 100])
    pages = pdf_pages(path)
    assert renderer.notice == sentence
    assert sentence in pages[-1].replace("\n", " ")
    codes = re.findall(r"C\d{5}", "".join(pages))
    assert codes == [f"C{n:05}" for n in range(1_000)]
    if layout.totals is None:
        total = "761,378.00" if layout.language is Language.ENGLISH else "761.378,00"
        assert total in pages[-1]


def test_as_many_rows_as_there_may_be_are_no_news(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with PdfRenderer(path, COLUMNS, replace(LAYOUT, pdf_max_rows=10)) as renderer:
        renderer.write(rows(10))
    assert renderer.notice == ""


@pytest.mark.parametrize(
    ("count", "paper"),
    [(3, (595, 842)), (9, (842, 595)), (18, (1191, 842)), (60, (None, 842))],
)
def test_the_paper_grows_with_the_columns(
    tmp_path: Path, count: int, paper: tuple[int | None, int]
) -> None:
    columns = [Column(f"Column {n}", ColumnKind.TEXT) for n in range(count)]
    values: Row = [f"value of {n} here" for n in range(count)]
    path = a_file(tmp_path, Format.PDF, LAYOUT, *columns, rows=[values] * 3)
    ((width, height),) = papers(path)
    assert height == paper[1]
    assert width == paper[0] or (paper[0] is None and width > 1_191)
    words = pdf_pages(path)[0].split()
    assert all(words.count(f"{n}") >= 3 for n in range(count))


def test_columns_that_no_page_has_room_for_are_refused_in_words(tmp_path: Path) -> None:
    columns = [Column(f"C{n}", ColumnKind.TEXT) for n in range(2_000)]
    with pytest.raises(JobError, match="2,000 columns, more than a page") as refused:
        a_file(tmp_path, Format.PDF, LAYOUT, *columns, rows=[["x"] * 2_000])
    assert refused.value.kind is ErrorKind.RENDER
    assert list(tmp_path.iterdir()) == []


def test_a_long_text_goes_on_below_and_a_long_word_breaks(tmp_path: Path) -> None:
    memo = "several words that no narrow column holds " * 8
    long_word = "x" * 400
    path = a_file(tmp_path, Format.PDF, LAYOUT, CODE, DAY, rows=[(memo, None), (long_word, None)])
    (page,) = pdf_pages(path)
    assert memo.strip() in page.replace("\n", " ")
    assert long_word in re.sub(r"\s", "", page)


def test_a_number_that_grew_after_the_first_rows_is_still_whole(tmp_path: Path) -> None:
    many: list[Row] = [(Decimal("1.00"),)] * 600
    huge = Decimal("12345678901234567890123456789012.34")
    path = a_file(tmp_path, Format.PDF, replace(LAYOUT, totals=()), AMOUNT, rows=[*many, (huge,)])
    text = re.sub(r"\s", "", pdf_pages(path)[-1])
    assert f"{huge:,.2f}" in text


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for _ in range(2):
        path = a_file(tmp_path, Format.PDF, LAYOUT, *COLUMNS, rows=rows(100))
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_file_knows_its_title_and_its_language(tmp_path: Path) -> None:
    path = a_file(tmp_path, Format.PDF, TURKISH, *COLUMNS, rows=rows(1))
    with pypdfium2.PdfDocument(path) as document:
        told = document.get_metadata_dict()
    assert (told["Title"], told["Author"]) == ("Open invoices", "Task Orchestrator")
    assert b"(tr)" in path.read_bytes()


def test_a_picture_has_a_page_of_its_own_after_the_rows(tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(drawn, "PNG")
    path = tmp_path / "report.pdf"
    with PdfRenderer(path, COLUMNS, LAYOUT) as renderer:
        renderer.write(rows(3))
        renderer.add_pictures([Picture("Balance by month", drawn.getvalue())])
    pages = pdf_pages(path)
    assert "Balance by month" in pages[1]
    assert "Page 2 of 2" in pages[1]
    with pypdfium2.PdfDocument(path) as document:
        colors = document[1].render().to_pil().convert("RGB").getcolors(1_000_000) or []
    assert max(colors)[1] == (255, 0, 0)


def test_sections_follow_each_other_under_their_names(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with open_sections(Format.PDF, path, Section("TR", "Company"), COLUMNS, LAYOUT) as renderer:
        renderer.write(rows(2))
        renderer.next_section(Section("DE", "Company"), [CODE])
        renderer.write([("x",)])
    (page,) = pdf_pages(path)
    assert page.index("Company: TR") < page.index("Total 2.00") < page.index("Company: DE")


def test_a_table_beside_the_results_has_rows_of_its_own_and_no_totals(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with PdfRenderer(path, COLUMNS, replace(LAYOUT, pdf_max_rows=30)) as renderer:
        renderer.write(rows(20))
        renderer.add_sheet("New", COLUMNS, iter(rows(29)))
        renderer.add_sheet("Gone", COLUMNS, iter(rows(31)))
    text = "\n".join(pdf_pages(path))
    assert renderer.notice == ""
    assert text.count("Total ") == 1
    assert text.index("Total 200.00") < text.index("New") < text.index("Gone")
    assert text.count("These pages show the first 30 of 31 rows.") == 1
    assert len(re.findall(r"C\d{5}", text)) == 20 + 29 + 30


def test_a_section_past_the_most_rows_is_not_called_empty(tmp_path: Path) -> None:
    path, layout = tmp_path / "report.pdf", replace(LAYOUT, pdf_max_rows=2, totals=())
    with open_sections(Format.PDF, path, Section("TR", "Company"), COLUMNS, layout) as renderer:
        renderer.write(rows(2))
        renderer.next_section(Section("DE", "Company"), COLUMNS)
        renderer.write(rows(1))
        renderer.next_section(Section("US", "Company"), COLUMNS)
    (page,) = pdf_pages(path)
    assert page.count("No rows.") == 1
    assert page.index("DE") < page.index("US") < page.index("No rows.")
    assert "the first 2 of 3 rows" in page


def test_a_row_higher_than_a_page_begins_below_the_heads_and_loses_no_line(
    tmp_path: Path,
) -> None:
    words = " ".join(f"w{n:04}" for n in range(1_100))
    note = Column("Note", ColumnKind.TEXT)
    batch: list[Row] = [("C1", date(2026, 2, 1), Decimal(1), words)] * 2
    pages = pdf_pages(a_file(tmp_path, Format.PDF, LAYOUT, *COLUMNS, note, rows=batch))
    assert "w0000" in pages[0]
    assert re.findall(r"w\d{4}", "".join(pages)) == words.split() * 2
