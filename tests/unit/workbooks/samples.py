"""Workbooks as people make them, to be filled: by XlsxWriter, and by openpyxl."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.workbook.defined_name import DefinedName

from tasks.reports.render.layout import Format, Layout
from tasks.reports.render.looks import TableLooks
from tasks.reports.render.opening import open_renderer
from tasks.reports.render.template import Template
from tasks.rows import Column, ColumnKind, Row

COLUMNS = (
    Column("Code", ColumnKind.TEXT),
    Column("customer", ColumnKind.TEXT),
    Column("DATE", ColumnKind.DATE),
    Column("Net", ColumnKind.DECIMAL, 2),
    Column("Not wanted", ColumnKind.INTEGER),
)
ROWS: tuple[Row, ...] = tuple(
    (f"{n:03}", "=1+1" if n == 1 else f"Ayşe & <{n}>", date(2026, 1, n), Decimal(n) * 100, n)
    for n in range(1, 13)
)
VAT = "Sales[[#This Row],[Net]]*0.2"


def with_table(**names: str) -> bytes:
    """A dashboard with a chart of the table on another sheet, sums, and what people add to it."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1)})
    front, data = book.add_worksheet("Dashboard"), book.add_worksheet("My Data")
    money = book.add_format({"num_format": '#,##0.00 "TL"', "bg_color": "#FFEECC"})
    front.write("A1", "", book.add_format({"bold": True, "font_size": 18}))
    front.write_formula("B5", "=SUM(Sales[Net])", None, 99)
    front.write_formula("B6", "=SUM('My Data'!C4:C5)", None, 99)
    places = {"Title": "A1", "Date": "A2", "Parameters": "A3", "Total_Net": "B7", "Row_count": "B8"}
    for name, cell in (places | names).items():
        book.define_name(name, f"=Dashboard!${cell[0]}${cell[1:]}")
    book.define_name("Nets", "='My Data'!$C$4:$C$5")
    data.write("A1", "Sales of the month")
    _add_table(data, money)
    data.write("A9", "Below")
    data.write_formula("C9", "=SUM(C4:C5)+C6", None, 30)
    data.write_url("A10", "https://example.com/", string="More")
    red = book.add_format({"bg_color": "red"})
    rule = {"type": "cell", "criteria": ">", "value": 1000, "format": red}
    data.conditional_format("C4:C5", rule)
    data.data_validation("E4:E5", {"validate": "list", "source": ["a", "b"]})
    data.set_column("A:A", 40)
    data.set_column("B:E", 14)
    data.print_area("A1:E6")
    data.merge_range("A12:B12", "Merged")
    _add_charts(book, front, data)
    book.close()
    return file.getvalue()


def with_headings(*, names: str = "", marker: bool = False) -> bytes:
    """A sheet made by openpyxl: headings alone, or a row of placeholders."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Liste"
    sheet["B2"] = "Customers"
    for column, header in zip("BCD", ("Code", "Customer", "Net"), strict=True):
        sheet[f"{column}4"] = header
        sheet[f"{column}5"].number_format = "0.000" if column == "D" else "General"
        if marker:
            sheet[f"{column}5"] = "{{" + header + "}}"
    sheet["E5"] = "=D5*2"
    sheet["B7"] = "=SUM(D5:D5)"
    if names:
        book.defined_names["Rows"] = DefinedName("Rows", attr_text=f"Liste!{names}")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def filled(
    path: Path,
    content: bytes,
    rows: Sequence[Row] = ROWS,
    *,
    columns: Sequence[Column] = COLUMNS,
    table: str = "",
    looks: TableLooks | None = None,
) -> Path:
    """Fill a template; returns the path."""
    values = (("Company", "A & B"),)
    template = Template("My template", content, table, datetime(2026, 11, 1), values)
    layout = Layout("Aylık satış – Çorum", template=template, looks=looks or TableLooks())
    with open_renderer(Format.XLSX, path, columns, layout) as renderer:
        renderer.write(rows)
    return path


def _add_table(sheet: Any, money: Any) -> None:
    columns = [
        {"header": "Customer", "total_string": "Total"},
        {"header": "Date"},
        {"header": "Net", "format": money, "total_function": "sum"},
        {"header": "VAT", "formula": f"={VAT}", "format": money},
        {"header": "Code"},
    ]
    sample = [["x", 1, 10, 0, ""], ["y", 2, 20, 0, ""]]
    options = {"name": "Sales", "total_row": True, "columns": columns, "data": sample}
    sheet.add_table("A3:E6", options)
    sheet.write_formula("C6", "=SUBTOTAL(109,Sales[Net])", money, 30)  # as Excel itself writes it


def _add_charts(book: Any, front: Any, data: Any) -> None:
    chart = book.add_chart({"type": "column"})
    values = {"categories": "='My Data'!$A$4:$A$5", "values": "='My Data'!$C$4:$C$5"}
    chart.add_series({"name": "Net"} | values)
    front.insert_chart("D2", chart)
    below = book.add_chart({"type": "line"})
    below.add_series({"values": "='My Data'!$C$4:$C$5"})
    data.insert_chart("A15", below)
