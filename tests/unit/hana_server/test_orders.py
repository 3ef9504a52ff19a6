"""Statements to the session are told from those to its tables."""

import pytest

from tests.hana_server import orders
from tests.hana_server.orders import Order


@pytest.mark.parametrize(
    ("sql", "order"),
    [
        ("SET SCHEMA demo", Order("schema", ("DEMO",))),
        ('set schema "Demo" ;', Order("schema", ("Demo",))),
        ("SET TRANSACTION READ ONLY", Order("access", ("READ ONLY",))),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", Order("isolation", ("SERIALIZABLE",))),
        ("SET 'APPLICATION' = 'it''s  mine'", Order("set", ("APPLICATION", "it's  mine"))),
        ("ALTER SYSTEM CANCEL SESSION '200001'", Order("cancel", ("200001",))),
        ("COMMIT WORK", Order("commit", ())),
    ],
)
def test_an_order_is_read(sql: str, order: Order) -> None:
    assert orders.read(sql) == order


@pytest.mark.parametrize("sql", ["SELECT 1 FROM DUMMY", "SET SCHEMA A; DROP TABLE B", "SET", ""])
def test_anything_else_is_no_order(sql: str) -> None:
    assert orders.read(sql) is None
