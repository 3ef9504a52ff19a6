"""The kit's reports for finance, counted again by hand."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.unit.demo.conftest import UNTIL
from tests.unit.kit.companies import Answered, Company, days, rounded

ZERO = Decimal(0)
AGES = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")


def open_invoices(company: Company, table: str = "OINV") -> Answered:
    return [
        {**row, "open": row["DocTotal"] - row["PaidToDate"]}
        for row in company.rows(table)
        if row["CANCELED"] == "N" and row["DocStatus"] == "O"
    ]


def age(late: int) -> str:
    return AGES[0] if late <= 0 else AGES[min(4, 1 + (late - 1) // 30)]


def test_overdue_receivables(company: Company) -> None:
    as_of = UNTIL - timedelta(days=30)
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(AGES, ZERO))
    for one in open_invoices(company):
        if one["DocDate"] <= as_of:
            sums[one["CardCode"]][age(days(one["DocDueDate"], as_of))] += one["open"]
    late = {card: sum(by_age.values(), ZERO) - by_age["Not due"] for card, by_age in sums.items()}
    minimum = sorted(late.values())[len(late) // 3]
    expected = {
        card: {name: rounded(amount) for name, amount in by_age.items()}
        | {"Total": rounded(sum(by_age.values(), ZERO))}
        for card, by_age in sums.items()
        if late[card] > minimum
    }
    found = company.answer("overdue-receivables", as_of=as_of, minimum=minimum)
    assert {row["Customer"]: {name: row[name] for name in (*AGES, "Total")} for row in found} == (
        expected
    )
    assert found == sorted(found, key=lambda row: (-row["Total"], row["Customer"]))
    assert len(found) > 100


def risk_of(customer: dict[str, Any]) -> Decimal:
    return Decimal(customer["Balance"] + customer["OrdersBal"] + customer["DNotesBal"])


def names_of_people(company: Company) -> dict[int, str]:
    return {row["SlpCode"]: row["SlpName"] for row in company.rows("OSLP")}


def customers_by_risk(company: Company) -> Answered:
    customers = [row for row in company.rows("OCRD") if row["CardType"] == "C" and risk_of(row) > 0]
    return sorted(customers, key=lambda row: (-risk_of(row), row["CardCode"]))


def test_total_risk(company: Company) -> None:
    people = names_of_people(company)
    for show in ("all", "above limit"):
        expected = [
            (one["CardCode"], one["City"], people.get(one["SlpCode"]), rounded(risk_of(one)),
             rounded(risk_of(one) - one["CreditLine"]))
            for one in customers_by_risk(company)
            if show == "all" or risk_of(one) > one["CreditLine"]
        ]  # fmt: skip
        columns = ("Customer", "City", "Sales person", "Total risk", "Above the limit")
        found = company.answer("total-risk", show=show)
        assert [tuple(row[name] for name in columns) for row in found] == expected
        assert all(
            row["Balance"] + row["Open orders"] + row["Open deliveries"] == row["Total risk"]
            for row in found
        )


def test_customer_risk_top(company: Company) -> None:
    late, people = defaultdict(list), names_of_people(company)
    for one in open_invoices(company):
        if one["DocDueDate"] < UNTIL:
            late[one["CardCode"]].append((one["open"], days(one["DocDueDate"], UNTIL)))
    expected = [
        (place, one["CardCode"], people.get(one["SlpCode"]), rounded(risk_of(one)),
         rounded(sum((amount for amount, _ in late[one["CardCode"]]), ZERO)),
         max((since for _, since in late[one["CardCode"]]), default=None),
         rounded(100 * risk_of(one) / one["CreditLine"], 1) if one["CreditLine"] else None)
        for place, one in enumerate(customers_by_risk(company)[:20], start=1)
    ]  # fmt: skip
    columns = ("No", "Customer", "Sales person", "Total risk", "Overdue", "Days late",
               "Limit used %")  # fmt: skip
    found = company.answer("customer-risk-top")
    assert [tuple(row[name] for name in columns) for row in found] == expected
    assert company.answer("customer-risk-top", top=5) == found[:5]


def week_of(due: date, monday: date, weeks: int) -> tuple[str, date | None]:
    if due < UNTIL:
        return ("Overdue", None)
    later = monday + timedelta(weeks=weeks)
    return ("Later", later) if due >= later else ("Due", due - timedelta(days=due.weekday()))


def test_cash_flow_agrees_with_the_open_invoices_and_returns(company: Company) -> None:
    weeks, monday = 5, UNTIL - timedelta(days=UNTIL.weekday())
    sums: dict[tuple[str, date | None], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for table, side, sign in (("OINV", 0, 1), ("ORIN", 0, -1), ("OPCH", 1, 1)):
        for one in open_invoices(company, table):
            sums[week_of(one["DocDueDate"], monday, weeks)][side] += sign * one["open"]
    held = sum(
        (
            row["Debit"] - row["Credit"]
            for row in company.rows("JDT1")
            if row["Account"].startswith("102")
        ),
        ZERO,
    )
    expected = []
    for state, week in sorted(sums, key=lambda key: (key[1] is not None, key[1])):
        income, spent = sums[state, week]
        held += income - spent
        expected.append((state, week, *map(rounded, (income, spent, income - spent, held))))
    found = company.answer("cash-flow", weeks=weeks)
    assert [tuple(row.values()) for row in found] == expected
    assert [row["State"] for row in found] == ["Overdue", *["Due"] * weeks, "Later"]


KINDS = {
    "13": "Sales invoice",
    "14": "Sales return",
    "18": "Purchase invoice",
    "24": "Money received",
    "30": "Journal entry",
    "46": "Money paid",
}


def test_journal_of_the_day(company: Company) -> None:
    day = date(2026, 10, 1)
    entries, accounts = company.by("TransId", "OJDT"), company.by("AcctCode", "OACT")
    partners = company.by("CardCode", "OCRD")
    of_the_day = [row for row in company.rows("JDT1") if entries[row["TransId"]]["RefDate"] == day]
    minimum = sorted(row["Debit"] + row["Credit"] for row in of_the_day)[len(of_the_day) // 4]
    expected = []
    for line in sorted(of_the_day, key=lambda row: (row["TransId"], row["Line_ID"])):
        entry, foreign = entries[line["TransId"]], line["FCCurrency"] is not None
        if line["Debit"] + line["Credit"] >= minimum:
            partner = partners.get(line["ShortName"], {"CardCode": None, "CardName": None})
            expected.append(
                (entry["TransId"], line["Line_ID"] + 1, day, KINDS[entry["TransType"]],
                 entry["Memo"], line["Account"], accounts[line["Account"]]["AcctName"],
                 partner["CardCode"], partner["CardName"],
                 rounded(line["Debit"]), rounded(line["Credit"]), line["FCCurrency"],
                 rounded(line["FCDebit"]) if foreign else None,
                 rounded(line["FCCredit"]) if foreign else None)
            )  # fmt: skip
    found = company.answer("journal-of-the-day", day=day, minimum=minimum)
    assert [tuple(row.values()) for row in found] == expected
    assert {row["Kind"] for row in found} >= set(KINDS.values()) - {"Sales return"}
    assert {row["Currency"] for row in found} >= {None, "EUR"}


def test_the_journal_of_a_day_balances(company: Company) -> None:
    found = company.answer("journal-of-the-day")
    debit, credit = (sum(row[name] for row in found) for name in ("Debit (TRY)", "Credit (TRY)"))
    assert debit == credit > 0
    assert {row["Posted"] for row in found} == {UNTIL - timedelta(days=1)}
