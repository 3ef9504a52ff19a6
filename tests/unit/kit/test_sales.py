"""The kit's reports for sales, counted again by hand."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.demo.conftest import UNTIL
from tests.unit.kit.companies import Company, days, rounded

ZERO = Decimal(0)


def by_document(
    lines: list[tuple[dict[str, Any], dict[str, Any]]],
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The documents with their open lines, each in its order."""
    found: dict[int, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    for header, line in lines:
        if header["DocStatus"] == "O" and line["LineStatus"] == "O":
            found.setdefault(header["DocEntry"], (header, []))[1].append(line)
    for _, own in found.values():
        own.sort(key=lambda line: line["LineNum"])
    return list(found.values())


def after_discount(header: dict[str, Any], amount: Decimal) -> Decimal:
    return amount * (100 - (header["DiscPrcnt"] or ZERO)) / 100


def person_of(company: Company, header: dict[str, Any]) -> str | None:
    people = company.by("SlpCode", "OSLP")
    return people[header["SlpCode"]]["SlpName"] if header["SlpCode"] in people else None


@pytest.mark.parametrize("currency", ["all", "EUR"])
def test_open_sales_orders(company: Company, currency: str) -> None:
    due_by = UNTIL - timedelta(days=3)
    expected = [
        (header["DocNum"], header["DocDate"], header["DocDueDate"],
         days(header["DocDueDate"], due_by), header["CardCode"], header["CardName"],
         person_of(company, header), len(lines), ", ".join(line["ItemCode"] for line in lines),
         "Partly delivered" if any(line["DelivrdQty"] for line in lines) else "Not delivered",
         header["DocCur"], rounded(sum((line["OpenSum"] for line in lines), ZERO)))
        for header, lines in by_document(company.lines("ORDR", "RDR1"))
        if header["DocDueDate"] <= due_by and currency in ("all", header["DocCur"])
    ]  # fmt: skip
    expected.sort(key=lambda row: (row[2], row[0]))
    found = company.answer("open-sales-orders", due_by=due_by, currency=currency)
    assert [tuple(row.values()) for row in found] == expected
    assert {row["State"] for row in found} == {"Partly delivered", "Not delivered"}


def how_late(late: int) -> str:
    return "1–7 days" if late <= 7 else "8–30 days" if late <= 30 else "over 30 days"


def test_late_orders(company: Company) -> None:
    held = {(row["ItemCode"], row["WhsCode"]): row["OnHand"] for row in company.rows("OITW")}
    expected = []
    for header, lines in by_document(company.lines("ORDR", "RDR1")):
        for line in lines:
            late = days(line["ShipDate"], UNTIL)
            stock = held.get((line["ItemCode"], line["WhsCode"]), ZERO)
            if late >= 3 and line["OpenQty"] > 0:
                net = rounded(after_discount(header, line["OpenSum"]))
                expected.append(
                    (header["DocNum"], line["ShipDate"], late, how_late(late), header["CardCode"],
                     header["CardName"], person_of(company, header), line["ItemCode"],
                     line["Dscription"], line["WhsCode"], rounded(line["Quantity"]),
                     rounded(line["DelivrdQty"]), rounded(line["OpenQty"]), rounded(stock),
                     "yes" if stock >= line["OpenQty"] else "no", net, line["LineNum"])
                )  # fmt: skip
    expected.sort(key=lambda row: (row[1], row[0], row[-1]))
    found = company.answer("late-orders", days=3)
    assert [tuple(row.values()) for row in found] == [row[:-1] for row in expected]
    assert {row["How late"] for row in found} == {"1–7 days", "8–30 days", "over 30 days"}
    assert {row["Enough in stock"] for row in found} == {"yes", "no"}


def test_deliveries_not_invoiced(company: Company) -> None:
    least = 2
    expected = []
    for header, lines in by_document(company.lines("ODLN", "DLN1")):
        waiting, since = [line for line in lines if line["OpenQty"] > 0], header["DocDate"]
        if waiting and days(since, UNTIL) >= least:
            net = sum((after_discount(header, line["OpenSum"]) for line in waiting), ZERO)
            expected.append(
                (header["DocNum"], since, days(since, UNTIL), header["CardCode"],
                 header["CardName"], person_of(company, header), len(waiting),
                 ", ".join(line["ItemCode"] for line in waiting), header["DocCur"], rounded(net))
            )  # fmt: skip
    expected.sort(key=lambda row: (row[1], row[0]))
    found = company.answer("deliveries-not-invoiced", days=least)
    assert [tuple(row.values()) for row in found] == expected
    assert len(found) > 20


def a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def test_sales_by_person(company: Company) -> None:
    spans = ((UNTIL.replace(day=1), UNTIL),
             (a_year_before(UNTIL.replace(day=1)), a_year_before(UNTIL)))  # fmt: skip
    sums: dict[tuple[str | None, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for table, sign in (("OINV", 1), ("ORIN", -1)):
        for one in company.rows(table):
            for side, (first, last) in enumerate(spans):
                if one["CANCELED"] == "N" and first <= one["DocDate"] <= last:
                    key = person_of(company, one), one["U_sales_type"]
                    sums[key][side] += sign * (one["DocTotal"] - one["VatSum"])
    expected = {
        key: (*map(rounded, (now, before, now - before)),
              rounded(100 * (now - before) / before, 1) if before else None)
        for key, (now, before) in sums.items()
        if now or before
    }  # fmt: skip
    found = [tuple(row.values()) for row in company.answer("sales-by-person")]
    assert {(person, kind): tuple(rest) for person, kind, *rest in found} == expected
    assert [row[:2] for row in found] == sorted(expected, key=lambda key: (key[0] or "", key[1]))


def net_by_group(company: Company, first: date, last: date) -> dict[int, Decimal]:
    groups = {row["ItemCode"]: row["ItmsGrpCod"] for row in company.rows("OITM")}
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for header, line, sign in (("OINV", "INV1", 1), ("ORIN", "RIN1", -1)):
        for document, one in company.lines(header, line):
            if first <= document["DocDate"] <= last and one["ItemCode"] in groups:
                amount = after_discount(document, one["LineTotal"])
                sums[groups[one["ItemCode"]]] += sign * amount
    return sums


def budget_by_group(company: Company, first: date, last: date) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in company.rows("@SALESBUDGET"):
        if first <= row["U_Month"] <= last:
            sums[row["U_ItmsGrpCod"]] += row["U_Amount"]
    return sums


def test_sales_against_budget(company: Company) -> None:
    day = date(2026, 9, 17)
    month, year = day.replace(day=1), date(2026, 1, 1)
    sold, sold_year = net_by_group(company, month, day), net_by_group(company, year, day)
    planned, planned_year = (budget_by_group(company, first, month) for first in (month, year))
    names = {row["ItmsGrpCod"]: row["ItmsGrpNam"] for row in company.rows("OITB")}
    expected = [
        (names[group], rounded(sold[group]), rounded(planned[group]),
         share(sold[group], planned[group]), rounded(sold_year[group]),
         rounded(planned_year[group]), rounded(sold_year[group] - planned_year[group]),
         share(sold_year[group], planned_year[group]))
        for group in sorted(sold_year.keys() | planned_year.keys(), key=lambda one: names[one])
    ]  # fmt: skip
    found = company.answer("sales-against-budget", day=day)
    assert [tuple(row.values()) for row in found] == expected
    assert len(found) == (8 if company.path.stem == "edged" else 7)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    return rounded(100 * part / whole, 1) if whole else None


def test_sales_of_all_groups_are_the_net_sales_of_the_invoices(plain: Company) -> None:
    """To a kuruş an invoice, which rounds the discount of each of its lines."""
    documents = [
        (sign, one)
        for table, sign in (("OINV", 1), ("ORIN", -1))
        for one in plain.rows(table)
        if one["DocDate"] >= date(2026, 1, 1)
    ]
    net = sum((sign * (one["DocTotal"] - one["VatSum"]) for sign, one in documents), ZERO)
    found = sum(row["Year so far"] for row in plain.answer("sales-against-budget"))
    assert abs(found - net) < Decimal("0.01") * len(documents)
