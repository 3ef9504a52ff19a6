"""The type of each `?` is told before its value comes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

TYPED = [
    ('SELECT COUNT(*) FROM ORDR WHERE "DocDate" >= ?', "2026-01-01"),
    ('SELECT COUNT(*) FROM ORDR WHERE "DocTotal" > ?', "100.5"),
    ('SELECT COUNT(*) FROM ORDR WHERE "DocNum" IN (?)', "7"),
    ("SELECT COUNT(*) FROM ORDR WHERE \"DocDate\" BETWEEN ? AND '2026-12-31'", "2026-01-01"),
    ('SELECT COUNT(*) FROM OCRD WHERE "CardName" LIKE ?', "%a%"),
    ('SELECT "DocNum" FROM ORDR LIMIT ? OFFSET 2', "3"),
    ("SELECT ADD_DAYS(CURRENT_DATE, ?) FROM DUMMY", "-1"),
    ("SELECT CAST(? AS DECIMAL(10,2)) FROM DUMMY", "1.5"),
    ('SELECT "CardCode" FROM ORDR GROUP BY "CardCode" HAVING SUM("DocTotal") > ?', "5"),
    ('SELECT IFNULL("Comments", ?) FROM ORDR LIMIT 1', "nothing"),
    ('SELECT "DocTotal" * ? FROM ORDR LIMIT 1', "1.5"),
    ('SELECT CASE WHEN "DocTotal" > ? THEN 1 ELSE 0 END FROM ORDR LIMIT 1', "1.5"),
]


@pytest.mark.parametrize(("sql", "value"), TYPED, ids=[sql for sql, _ in TYPED])
def test_a_text_is_taken_where_another_type_is_meant(reader: Any, sql: str, value: str) -> None:
    reader.execute(sql, [value])

    assert reader.fetchall()


def test_a_day_is_compared_as_a_day(reader: Any) -> None:
    counts = []
    for day in ("2026-01-01", date(2026, 1, 1), datetime(2026, 1, 1)):
        reader.execute('SELECT COUNT(*) FROM ORDR WHERE "DocDate" < ?', [day])
        counts.append(reader.fetchone()[0])

    assert counts[0] > 0
    assert len(set(counts)) == 1


def test_a_parameter_without_a_hint_is_text(reader: Any) -> None:
    answers = []
    for value in (5, Decimal("1.50"), date(2024, 1, 2), datetime(2024, 1, 2, 3, 4, 5)):
        reader.execute("SELECT ? FROM DUMMY", [value])
        answers.append(reader.fetchone()[0])

    assert answers == ["5", "1.50", "2024-01-02", "2024-01-02 03:04:05.000000000"]


def test_the_parameters_keep_their_order(reader: Any) -> None:
    reader.execute(
        'SELECT TOP ? "CardCode" FROM OCRD WHERE "CardType" = ? AND "CardCode" > ? ORDER BY 1',
        [2, "C", "120.01.0000005"],
    )

    assert [row[0] for row in reader.fetchall()] == ["120.01.0000006", "120.01.0000007"]


def test_a_quote_in_a_value_stays_a_value(reader: Any) -> None:
    hostile = "x'; DROP TABLE ORDR; --"

    reader.execute("SELECT ? || '' FROM DUMMY", [hostile])

    assert reader.fetchone()[0] == hostile
