"""The kit's reports for purchasing, counted again by hand."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.unit.demo.conftest import UNTIL
from tests.unit.kit.companies import Company, days, rounded

ZERO = Decimal(0)


def test_supplier_balances_due(company: Company) -> None:
    as_of, soon = UNTIL - timedelta(days=10), 14
    terms = {row["GroupNum"]: row["PymntGroup"] for row in company.rows("OCTG")}
    cards = company.by("CardCode", "OCRD")
    owed = defaultdict(list)
    for one in company.rows("OPCH"):
        if one["CANCELED"] == "N" and one["DocStatus"] == "O" and one["DocDate"] <= as_of:
            owed[one["CardCode"], one["DocCur"]].append(one)
    expected = []
    for (card, currency), invoices in owed.items():
        by_due = [ZERO, ZERO, ZERO]
        for one in invoices:
            left = days(as_of, one["DocDueDate"])
            by_due[0 if left < 0 else 1 if left <= soon else 2] += (
                one["DocTotal"] - one["PaidToDate"]
            )
        own = sum((own_currency(one) for one in invoices), ZERO)
        expected.append(
                (card, cards[card]["CardName"], terms.get(cards[card]["GroupNum"]),
                 len(invoices), min(one["DocDueDate"] for one in invoices),
                 *map(rounded, by_due), rounded(sum(by_due, ZERO)), currency, rounded(own))
        )  # fmt: skip
    minimum = sorted(row[8] for row in expected)[len(expected) // 4]
    expected = [row for row in expected if row[8] > minimum]
    expected.sort(key=lambda row: (-row[5], -row[8], row[0]))
    found = company.answer("supplier-balances-due", as_of=as_of, days=soon, minimum=minimum)
    assert [tuple(row.values()) for row in found] == expected
    assert {row["Currency"] for row in found} == {"TRY", "EUR", "USD"}


def own_currency(one: dict[str, Any]) -> Decimal:
    if one["DocCur"] == "TRY":
        return Decimal(one["DocTotal"] - one["PaidToDate"])
    return Decimal(one["DocTotalFC"] - one["PaidFC"])


def test_price_changes_in_purchasing(company: Company) -> None:
    first, last, least = UNTIL - timedelta(days=60), UNTIL - timedelta(days=2), Decimal("7.5")
    names = company.by("ItemCode", "OITM")
    receipts = sorted(
        company.lines("OPDN", "PDN1"),
        key=lambda pair: (pair[0]["DocDate"], pair[0]["DocEntry"], pair[1]["LineNum"]),
    )
    before: dict[tuple[str, str, str], tuple[dict[str, Any], dict[str, Any]]] = {}
    expected = []
    for header, line in receipts:
        if line["Price"] <= 0:
            continue
        key = line["ItemCode"], line["UomCode"], line["Currency"]
        known, before[key] = before.get(key), (header, line)
        if known is None or not first <= header["DocDate"] <= last:
            continue
        change, old = line["Price"] - known[1]["Price"], known[1]["Price"]
        if change and 100 * abs(change) >= least * old:
            expected.append(
                (line["ItemCode"], names[line["ItemCode"]]["ItemName"], header["DocNum"],
                 header["DocDate"], header["CardName"], line["Currency"],
                 rounded(line["Price"], 4), rounded(old, 4), known[0]["DocDate"],
                 known[0]["CardName"], rounded(100 * change / old, 1), rounded(line["Quantity"]),
                 line["UomCode"], rounded(change * line["Quantity"] * (line["Rate"] or 1)),
                 line["LineNum"])
            )  # fmt: skip
    expected.sort(key=lambda row: (-row[13], row[0], row[2], row[14]))
    found = company.answer("price-changes-purchasing", from_day=first, to_day=last, percent=least)
    assert [tuple(row.values()) for row in found] == [row[:-1] for row in expected]
    assert {row["Currency"] for row in found} == {"TRY", "EUR", "USD"}
    assert min(row["Change %"] for row in found) < 0 < max(row["Change %"] for row in found)
