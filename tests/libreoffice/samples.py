"""One workbook of each sort that a report can make."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from tasks.reports.render import Language, Layout, Section
from tasks.reports.render.looks import Colour, ColourRule, ColumnLook, Operator, TableLooks
from tasks.reports.render.xlsx import MAX_ROWS, XlsxRenderer
from tasks.rows import Column, ColumnKind, Row

COLUMNS = (
    Column("Şube", ColumnKind.TEXT),
    Column("Cari kodu", ColumnKind.TEXT),
    Column("Cari adı", ColumnKind.TEXT),
    Column("Vade", ColumnKind.DATE),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Adet", ColumnKind.INTEGER),
    Column("Oran", ColumnKind.FLOAT),
    Column("Açık", ColumnKind.BOOLEAN),
    Column("Saat", ColumnKind.TIME),
)
TITLE = "Vadesi geçmiş alacaklar"
ABOUT = (("Rapor", TITLE), ("Hangi zaman için", "31.01.2026 08:00"), ("Kaynak", "SAP Business One"))
ABOVE = (TITLE, "Hangi zaman için: 31.01.2026 08:00", "Kaynak: SAP Business One", "Şube: hepsi")
EXTREMES: tuple[object, ...] = (
    "=1+1", "+1", "-1", "@SUM(A1)", "00042", "1E5", "TRUE", "2024-01-01", " a  b ", "a\nb", "'q",
    "Çağrı İğne ₺ 😀", "<a href='x'>&amp;", "_x0041_", "\x01\x1f", "a\rb", "\ud800", "x" * 32_767,
    0, -1, 999_999_999_999_999, 1_000_000_000_000_001, 0.1, 1e-300, -0.0, float("nan"),
    float("inf"), Decimal("0.10"), Decimal("12345678901234.5"), Decimal("12345678901234.56"),
    Decimal("1E+400"), Decimal("NaN"), True, False, date(1899, 12, 31), date(1900, 1, 1),
    date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31), datetime(1899, 12, 31, 23, 59),
    datetime(2024, 2, 29, 13, 4, 5), datetime(2024, 6, 30, 22, 15, tzinfo=UTC), time(0),
    time(8, 30), timedelta(hours=30), timedelta(hours=-30), b"\xab\x01", None,
)  # fmt: skip
"""Values that readers and writers are known to break."""


def a_row(n: int) -> Row:
    amount = Decimal((n * 7_919_123) % 10_000_000 - 1_500_000).scaleb(-2)
    return (
        ("Ankara", "İstanbul", "İzmir")[n * 3 // 60 % 3],
        f"{120 + n // 5:08}",
        f"Çağrı & Şimşek {n // 5} Ltd. Şti.",
        date(2025, 12, 1) + timedelta(days=n * 3 % 90),
        amount,
        n,
        n / 8,
        n % 2 == 0,
        time(8 + n % 10, n % 60),
    )


ROWS: list[Row] = [a_row(n) for n in range(57)]
RULES = (
    ColourRule("Tutar", Operator.LESS, Colour.RED, "0"),
    ColourRule("Tutar", Operator.MORE, Colour.GREEN, "60000"),
    ColourRule("Vade", Operator.LESS, Colour.AMBER, "31.12.2025"),
    ColourRule("Cari adı", Operator.CONTAINS, Colour.BLUE, "*"),
    ColourRule("Açık", Operator.EQUAL, Colour.GREY, "evet", whole_row=True),
)


def tr(looks: TableLooks | None = None) -> Layout:
    looks = looks or TableLooks()
    return Layout(TITLE, Language.TURKISH, about=ABOUT, looks=looks)


def plain(path: Path) -> None:
    with XlsxRenderer(path, COLUMNS, Layout("Overdue & open")) as renderer:
        renderer.write(ROWS)


def turkish(path: Path) -> None:
    with XlsxRenderer(path, COLUMNS, tr()) as renderer:
        renderer.write(ROWS)


def title_block(path: Path) -> None:
    titled = {"Tutar": ColumnLook("Açık tutar", "#,##0.00 ₺", 24), "Vade": ColumnLook(as_text=True)}
    with XlsxRenderer(path, COLUMNS, tr(TableLooks(ABOVE, titled))) as renderer:
        renderer.write(ROWS)


def subtotals(path: Path) -> None:
    looks = TableLooks(ABOVE, groups=("Şube", "Cari kodu"), rules=RULES)
    with XlsxRenderer(path, COLUMNS, tr(looks)) as renderer:
        renderer.write(ROWS)


def colours(path: Path) -> None:
    with XlsxRenderer(path, COLUMNS, tr(TableLooks(rules=RULES))) as renderer:
        renderer.write(ROWS)


def sections(path: Path) -> None:
    first, second = Section("TR", "Company"), Section("It's & “DE”", "Company")
    with XlsxRenderer(path, COLUMNS, tr(TableLooks(ABOVE)), section=first) as renderer:
        renderer.write(ROWS)
        renderer.next_section(second, COLUMNS)
        renderer.write(ROWS[:5])
        renderer.add_sheet("Değişenler", COLUMNS[:2], [row[:2] for row in ROWS[:3]])


def several_sheets(path: Path) -> None:
    looks = TableLooks(ABOVE, groups=("Şube",))
    with XlsxRenderer(path, COLUMNS, tr(looks), max_rows=30) as renderer:
        renderer.write(ROWS)


def extremes(path: Path, max_rows: int = MAX_ROWS) -> None:
    columns = (Column("No", ColumnKind.INTEGER), Column("Value", ColumnKind.DECIMAL, 2))
    layout = Layout("Extremes", totals=())
    with XlsxRenderer(path, columns, layout, max_rows=max_rows) as renderer:
        renderer.write([(n, value) for n, value in enumerate(EXTREMES)])


def empty(path: Path) -> None:
    with XlsxRenderer(path, COLUMNS, tr(TableLooks(ABOVE, groups=("Şube",), rules=RULES))):
        pass


SAMPLES: tuple[Callable[[Path], None], ...] = (
    plain, turkish, title_block, subtotals, colours, sections, several_sheets, extremes, empty,
)  # fmt: skip
