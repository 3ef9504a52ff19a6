"""Our PDF against reportlab's bare canvas, which measures and wraps nothing.

Run as `python -m tests.benchmarks.pdf`. Both draw 2,000 rows of 10 columns in DejaVu with the heads
on each page, each in a fresh process; making the rows is not counted, reading the font is.
"""

import json
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.reports.render import Language, Layout
from tasks.rows import Row
from tests.benchmarks.xlsx import COLUMNS, TITLE, batches, cpu_seconds, line

ROWS, BAR = 2_000, 1.3
MANY, GROWTH_BAR_MB = 50_000, 40
PAGE = (842, 595)
SIZE, LEADING, A_PAGE = 8, 12, 40
RIGHT = (0, 5, 6, 8)
"""The columns of numbers."""


def ours(path: Path, rows: list[Row]) -> None:
    from tasks.reports.render.pdf import PdfRenderer

    layout = Layout(TITLE, Language.TURKISH, pdf_max_rows=MANY, made_at="16.03.2026")
    with PdfRenderer(path, COLUMNS, layout) as renderer:
        for start in range(0, len(rows), 5_000):
            renderer.write(rows[start : start + 5_000])


def bare(path: Path, rows: list[Row]) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from tasks.reports.render.pdf.fonts import BOLD, FOLDER, REGULAR

    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))
    canvas = Canvas(str(path), pagesize=PAGE, pageCompression=1)

    def draw(values: list[str], y: float) -> None:
        for n, text in enumerate(values):
            if n in RIGHT:
                canvas.drawRightString(110 + n * 77, y, text)
            else:
                canvas.drawString(36 + n * 77, y, text)

    for start in range(0, len(rows), A_PAGE):
        canvas.setFont(BOLD, SIZE)
        draw([column.name for column in COLUMNS], PAGE[1] - 50)
        canvas.setFont(REGULAR, SIZE)
        for n, row in enumerate(rows[start : start + A_PAGE]):
            y = PAGE[1] - 64 - n * LEADING
            draw(["" if value is None else str(value) for value in row], y)
            canvas.line(36, y - 3, PAGE[0] - 36, y - 3)
        canvas.drawRightString(PAGE[0] - 36, 20, f"{start // A_PAGE + 1}")
        canvas.showPage()
    canvas.save()


WRITERS = {"ours": ours, "bare": bare}


def measure(writer: str, count: int) -> dict[str, float]:
    rows = [row for batch in batches(max(count, 5_000)) for row in batch][:count]
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with TemporaryDirectory() as folder:
        work = partial(WRITERS[writer], Path(folder) / "rows.pdf", rows)
        seconds = cpu_seconds(work)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    return {"cpu_s": seconds, "peak_mb": peak / 1024}


def in_fresh_process(writer: str, rows: int = ROWS) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.pdf", writer, str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def compare() -> None:
    results = {writer: in_fresh_process(writer) for writer in WRITERS}
    ratio = results["ours"]["cpu_s"] / results["bare"]["cpu_s"]
    line(
        {"benchmark": "pdf_2k_rows"}
        | {f"{writer}_cpu_s": round(one["cpu_s"], 3) for writer, one in results.items()}
        | {"ratio": round(ratio, 3), "bar": BAR, "ok": ratio <= BAR}
    )
    most = in_fresh_process("ours", MANY)
    growth = most["peak_mb"] - results["ours"]["peak_mb"]
    line(
        {"benchmark": "pdf_memory_of_the_most_rows", "cpu_s": round(most["cpu_s"], 2)}
        | {"growth_mb": round(growth, 1), "bar": GROWTH_BAR_MB, "ok": growth <= GROWTH_BAR_MB}
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        line(measure(sys.argv[1], int(sys.argv[2])))
    else:
        compare()
