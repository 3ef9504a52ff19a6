"""Our XLSX writer against XlsxWriter (constant memory), openpyxl (write only), and reading alone.

Run as `python -m tests.benchmarks.xlsx`. Every writer works in a fresh process, on the same rows
with the same formats, header, widths, filter and totals; making the rows is not counted. openpyxl
writes fewer rows, and its time is scaled up. “Reading alone” takes as many rows with columns of the
same types out of DuckDB, on one thread, and does nothing with them.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tasks.rows import Column, ColumnKind, Row

XLSXWRITER_BAR, OPENPYXL_BAR, READING_BAR = 1 / 6, 1 / 15, 12
PEAK_BAR_MB, GROWTH_BAR_MB = 60, 5
ROWS, FEWER, BATCH = 1_000_000, 100_000, 5_000
COLUMNS = (
    Column("Belge no", ColumnKind.INTEGER),
    Column("Müşteri kodu", ColumnKind.TEXT),
    Column("Müşteri", ColumnKind.TEXT),
    Column("Tarih", ColumnKind.DATE),
    Column("Oluşturuldu", ColumnKind.DATETIME),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("KDV", ColumnKind.DECIMAL, 2),
    Column("Açıklama", ColumnKind.TEXT),
    Column("Adet", ColumnKind.INTEGER),
    Column("Vade", ColumnKind.DATE),
)
FORMATS = {3: "dd.mm.yyyy", 4: "dd.mm.yyyy hh:mm:ss", 5: "#,##0.00", 6: "#,##0.00"}
FORMATS |= {1: "@", 2: "@", 7: "@", 9: "dd.mm.yyyy"}
TITLE, WIDTH, HEADER_COLOR = "Satış", 20, "FF1F3864"
NAMES = ("Çağrı Şimşek", "İğne & Oya", "Özgür Ağaç", "Işık Gıda", "Ümit Yapı")


def batches(rows: int) -> Iterator[list[Row]]:
    chance = random.Random(7)
    for start in range(0, rows, BATCH):
        yield [row(number, chance) for number in range(start, start + BATCH)]


def row(number: int, chance: random.Random) -> Row:
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(2_000))
    amount = Decimal(chance.randrange(-1_000_000, 100_000_000)).scaleb(-2)
    return (
        number,
        f"{chance.randrange(10**7):08}",
        f"{chance.choice(NAMES)} {number} Ltd. Şti.",
        day,
        datetime(2020, 1, 1) + timedelta(seconds=chance.randrange(10**8)),
        amount,
        (amount / 5).quantize(amount),
        None if number % 3 else "Sevkiyat öncesi aranacak",
        chance.randrange(1_000),
        None if number % 5 == 0 else day + timedelta(days=30),
    )


Write = Callable[[list[Row]], object]
Writer = Callable[[Path], tuple[Write, Callable[[], object]]]


def ours(path: Path) -> tuple[Write, Callable[[], object]]:
    from tasks.reports.render import Format, Language, Layout, open_renderer

    renderer = open_renderer(Format.XLSX, path, COLUMNS, Layout(TITLE, Language.TURKISH))
    return renderer.write, renderer.close


def xlsxwriter(path: Path) -> tuple[Write, Callable[[], object]]:
    from xlsxwriter import Workbook

    book = Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet(TITLE)
    header = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "white"})
    formats = {n: book.add_format({"num_format": code}) for n, code in FORMATS.items()}
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, WIDTH)
    for n, column in enumerate(COLUMNS):
        sheet.write_string(0, n, column.name, header)
    by_type = {str: sheet.write_string, date: sheet.write_datetime, datetime: sheet.write_datetime}
    at = 0

    def write(batch: list[Row]) -> None:
        nonlocal at
        for values in batch:
            at += 1
            for n, value in enumerate(values):
                if value is not None:
                    by_type.get(type(value), sheet.write_number)(at, n, value, formats.get(n))

    def close() -> None:
        sheet.autofilter(0, 0, at, len(COLUMNS) - 1)
        for n in (5, 6):
            letter = "ABCDEFGHIJ"[n]
            sheet.write_formula(at + 1, n, f"=SUBTOTAL(109,{letter}2:{letter}{at + 1})")
        book.close()

    return write, close


def openpyxl(path: Path) -> tuple[Write, Callable[[], object]]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(TITLE)  # its stubs know nothing of widths and filters
    sheet.freeze_panes = "A2"
    header = []
    for n, column in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHIJ"[n]].width = WIDTH
        cell = WriteOnlyCell(sheet, column.name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEADER_COLOR)
        header.append(cell)
    sheet.append(header)
    rows = 1

    def styled(n: int, value: Any) -> object:
        if value is None or n not in FORMATS:
            return value
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = FORMATS[n]
        return cell

    def write(batch: list[Row]) -> None:
        nonlocal rows
        for values in batch:
            sheet.append([styled(n, value) for n, value in enumerate(values)])
        rows += len(batch)

    def close() -> None:
        sums = [f"=SUBTOTAL(109,{letter}2:{letter}{rows})" for letter in "FG"]
        sheet.append([None] * 5 + sums)
        sheet.auto_filter.ref = f"A1:J{rows}"
        book.save(path)

    return write, close


WRITERS: dict[str, Writer] = {"ours": ours, "xlsxwriter": xlsxwriter, "openpyxl": openpyxl}


def measure(writer: str, rows: int) -> dict[str, float]:
    """CPU seconds of writing, and the peak above a process that has its modules and a batch."""
    with tempfile.TemporaryDirectory() as folder:
        write, close = WRITERS[writer](Path(folder) / "warm.xlsx")
        warm = next(batches(BATCH))
        write(warm[:1])
        close()
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        write, close = WRITERS[writer](Path(folder) / "rows.xlsx")
        seconds = sum(cpu_seconds(partial(write, batch)) for batch in batches(rows))
        seconds += cpu_seconds(close)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    return {"cpu_s": seconds, "peak_mb": peak / 1024}


def read_alone(rows: int) -> dict[str, float]:
    """CPU seconds of taking the rows out of a database, batch by batch."""
    import duckdb

    database = duckdb.connect(config={"threads": 1})
    database.execute(
        f"""CREATE TABLE sales AS SELECT i, printf('%08d', i), 'Çağrı Şimşek ' || i || ' Ltd. Şti.',
        DATE '2020-01-01' + (i % 2000)::INT, TIMESTAMP '2020-01-01' + to_seconds(i),
        (i / 7)::DECIMAL(19, 2), (i / 35)::DECIMAL(19, 2),
        CASE WHEN i % 3 = 0 THEN 'Sevkiyat öncesi aranacak' END, (i % 1000)::INT,
        CASE WHEN i % 5 > 0 THEN DATE '2020-01-31' + (i % 2000)::INT END
        FROM range({rows}) AS numbers(i)"""
    )
    result = database.execute("SELECT * FROM sales")

    def read() -> None:
        while result.fetchmany(BATCH):
            pass

    return {"cpu_s": cpu_seconds(read), "peak_mb": 0}


def cpu_seconds(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_fresh_process(writer: str, rows: int = ROWS) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.xlsx", writer, str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def compare() -> None:
    ours_, xlsxwriter_ = in_fresh_process("ours"), in_fresh_process("xlsxwriter")
    openpyxl_ = in_fresh_process("openpyxl", FEWER)
    scaled = openpyxl_["cpu_s"] * ROWS / FEWER
    ratios("xlsxwriter", ours_["cpu_s"], xlsxwriter_["cpu_s"], XLSXWRITER_BAR)
    ratios("openpyxl_scaled", ours_["cpu_s"], scaled, OPENPYXL_BAR)
    ratios("reading_alone", ours_["cpu_s"], in_fresh_process("reading")["cpu_s"], READING_BAR)
    shorter = in_fresh_process("ours", ROWS // 4)
    memory("xlsx_peak_of_1m_rows", ours_["peak_mb"], PEAK_BAR_MB)
    memory("xlsx_growth_by_4_times_the_rows", ours_["peak_mb"] - shorter["peak_mb"], GROWTH_BAR_MB)


def ratios(other: str, ours_cpu: float, other_cpu: float, bar: float) -> None:
    ratio = ours_cpu / other_cpu
    line(
        {
            "benchmark": f"xlsx_1m_rows_against_{other}",
            "ours_cpu_s": round(ours_cpu, 2),
            f"{other}_cpu_s": round(other_cpu, 2),
            "ratio": round(ratio, 4),
            "bar": round(bar, 4),
            "ok": ratio <= bar,
        }
    )


def memory(name: str, megabytes: float, bar: float) -> None:
    line({"benchmark": name, "mb": round(megabytes, 1), "bar": bar, "ok": megabytes <= bar})


def line(result: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work = read_alone if sys.argv[1] == "reading" else partial(measure, sys.argv[1])
        line(work(int(sys.argv[2])))
    else:
        compare()
