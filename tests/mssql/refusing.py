"""Rows that the server of the tests answers, and how it refuses them."""

import pytest

from tasks.errors import JobError
from tests.mssql.conftest import Place, rows_of
from tests.mssql_server import types
from tests.mssql_server.tokens import Column

COLUMNS = (Column("a", types.INT), Column("b", types.nvarchar(20)))
MANY = [(n, f"row {n}") for n in range(10_000)]
QUERY = "SELECT a,\n  b\nFROM t"


def refusal(place: Place, **changed: object) -> JobError:
    with pytest.raises(JobError) as refused:
        rows_of(place.source(**changed), QUERY)  # type: ignore[arg-type]
    return refused.value
