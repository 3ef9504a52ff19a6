"""The books of the demo company agree with each other to the kuruş."""

from decimal import Decimal

from tasks.sources.duckdb import DuckDBSource
from tests.unit.demo.test_company import rows


def by_card(pairs: list[tuple[object, ...]]) -> dict[object, object]:
    return {pair[0]: pair[1] for pair in pairs}


def test_every_journal_entry_balances(source: DuckDBSource) -> None:
    unbalanced = rows(
        source,
        'SELECT "TransId" FROM JDT1 GROUP BY "TransId"'
        ' HAVING SUM("Debit") <> SUM("Credit") OR COUNT(*) < 2',
    )
    assert unbalanced == []


def test_every_amount_of_the_journal_is_whole_kurus(source: DuckDBSource) -> None:
    assert rows(source, 'SELECT TOP 1 * FROM JDT1 WHERE ROUND("Debit", 2) <> "Debit"') == []


def test_a_customers_balance_is_what_the_open_invoices_say(source: DuckDBSource) -> None:
    owed = by_card(
        rows(
            source,
            'SELECT "CardCode", SUM("DocTotal" - "PaidToDate") FROM OINV'
            ' WHERE "DocStatus" = \'O\' GROUP BY "CardCode"',
        )
    )
    balances = rows(source, 'SELECT "CardCode", "Balance" FROM OCRD WHERE "CardType" = \'C\'')
    assert all(balance == owed.get(card, 0) for card, balance in balances)
    assert sum(1 for _, balance in balances if balance) > 300


def test_a_vendors_balance_is_the_other_way_round(source: DuckDBSource) -> None:
    owed = by_card(
        rows(
            source,
            'SELECT "CardCode", SUM("DocTotal" - "PaidToDate") FROM OPCH GROUP BY "CardCode"',
        )
    )
    balances = rows(source, 'SELECT "CardCode", "Balance" FROM OCRD WHERE "CardType" = \'S\'')
    assert all(-Decimal(str(balance)) == owed.get(card, 0) for card, balance in balances)


def test_open_deliveries_and_orders_stand_at_the_partner(source: DuckDBSource) -> None:
    notes = rows(
        source,
        'SELECT P."CardCode" FROM OCRD P LEFT JOIN ODLN D ON D."CardCode" = P."CardCode"'
        " AND D.\"DocStatus\" = 'O' WHERE P.\"CardType\" = 'C'"
        ' GROUP BY P."CardCode", P."DNotesBal"'
        ' HAVING P."DNotesBal" <> COALESCE(SUM(D."DocTotal"), 0)',
    )
    orders = rows(
        source,
        'SELECT P."CardCode" FROM OCRD P LEFT JOIN ORDR D ON D."CardCode" = P."CardCode"'
        " AND D.\"DocStatus\" = 'O' WHERE P.\"CardType\" = 'C'"
        ' GROUP BY P."CardCode", P."OrdersBal"'
        ' HAVING (P."OrdersBal" > 0) <> (COUNT(D."DocNum") > 0)',
    )
    assert (notes, orders) == ([], [])


def test_a_document_adds_its_lines_up(source: DuckDBSource) -> None:
    for header, line in (("ORDR", "RDR1"), ("OINV", "INV1"), ("OPCH", "PCH1"), ("ORIN", "RIN1")):
        wrong = rows(
            source,
            f'SELECT H."DocNum" FROM {header} H INNER JOIN {line} L'
            ' ON L."DocEntry" = H."DocEntry"'
            ' GROUP BY H."DocNum", H."DocTotal", H."VatSum", H."DiscSum"'
            ' HAVING SUM(L."LineTotal") - H."DiscSum" + H."VatSum" <> H."DocTotal"',
        )
        assert wrong == [], header


def test_an_order_is_open_while_one_of_its_lines_is(source: DuckDBSource) -> None:
    wrong = rows(
        source,
        'SELECT H."DocNum" FROM ORDR H INNER JOIN RDR1 L ON L."DocEntry" = H."DocEntry"'
        ' GROUP BY H."DocNum", H."DocStatus"'
        ' HAVING (H."DocStatus" = \'O\') <> (SUM(L."OpenQty") > 0)',
    )
    assert wrong == []


def test_what_was_delivered_is_on_delivery_notes(source: DuckDBSource) -> None:
    wrong = rows(
        source,
        'SELECT L."DocEntry" FROM RDR1 L LEFT JOIN DLN1 D ON D."BaseType" = 17'
        ' AND D."BaseEntry" = L."DocEntry" AND D."BaseLine" = L."LineNum"'
        ' GROUP BY L."DocEntry", L."LineNum", L."DelivrdQty"'
        ' HAVING COALESCE(SUM(D."Quantity"), 0) <> L."DelivrdQty"',
    )
    assert wrong == []


def test_committed_stock_is_what_open_orders_ask_for(source: DuckDBSource) -> None:
    (held,) = rows(source, 'SELECT SUM("IsCommited"), SUM("OnOrder") FROM OITM')
    (sold,) = rows(source, 'SELECT SUM("OpenQty") FROM RDR1')
    (bought,) = rows(source, 'SELECT SUM("OpenQty") FROM POR1')
    assert held == (*sold, *bought)


def test_payments_are_applied_to_the_invoices_they_pay(source: DuckDBSource) -> None:
    (received,) = rows(source, 'SELECT SUM("DocTotal") FROM ORCT')
    (returned,) = rows(source, 'SELECT SUM("DocTotal") FROM ORIN')
    (paid,) = rows(source, 'SELECT SUM("PaidToDate") FROM OINV')
    assert Decimal(str(received[0])) + Decimal(str(returned[0])) == paid[0]
