"""Every type that Logo's tables have comes as it is; what no report can show is refused by name."""

import random
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.rows import ColumnKind
from tests.mssql.conftest import Place, rows_of
from tests.mssql_server import types
from tests.mssql_server.server import Result
from tests.mssql_server.tokens import Column
from tests.mssql_server.types import Type

MOMENT = datetime(2026, 3, 16, 9, 30, 15, 123456)
ISTANBUL = timezone(timedelta(hours=3))
THERE = MOMENT.replace(tzinfo=ISTANBUL)
ID = UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
VALUES: tuple[tuple[Type, ColumnKind, object, object], ...] = (
    (types.BIT, ColumnKind.BOOLEAN, True, True),
    (types.TINYINT, ColumnKind.INTEGER, 255, 255),
    (types.SMALLINT, ColumnKind.INTEGER, -32_768, -32_768),
    (types.INT, ColumnKind.INTEGER, -(2**31), -(2**31)),
    (types.BIGINT, ColumnKind.INTEGER, 2**63 - 1, 2**63 - 1),
    (types.FLOAT, ColumnKind.FLOAT, 0.1, 0.1),
    (types.REAL, ColumnKind.FLOAT, 0.1, 0.1),
    (types.MONEY, ColumnKind.DECIMAL, "-922337203685477.5808", Decimal("-922337203685477.5808")),
    (types.MONEY, ColumnKind.DECIMAL, "1.5", Decimal("1.5000")),
    (types.decimal(12, 3), ColumnKind.DECIMAL, "150", Decimal("150.000")),
    (types.decimal(38, 0), ColumnKind.DECIMAL, "9" * 38, Decimal("9" * 38)),
    (types.decimal(38, 38), ColumnKind.DECIMAL, "-0." + "1" * 38, Decimal("-0." + "1" * 38)),
    (types.DATE, ColumnKind.DATE, date(1, 1, 1), date(1, 1, 1)),
    (types.DATE, ColumnKind.DATE, date(9999, 12, 31), date(9999, 12, 31)),
    (types.TIME, ColumnKind.TIME, time(23, 59, 59, 999999), time(23, 59, 59, 999999)),
    (types.DATETIME, ColumnKind.DATETIME, datetime(1753, 1, 1), datetime(1753, 1, 1)),
    (types.DATETIME, ColumnKind.DATETIME, datetime(2026, 3, 16, 9), datetime(2026, 3, 16, 9)),
    (types.DATETIME2, ColumnKind.DATETIME, MOMENT, MOMENT),
    (types.DATETIMEOFFSET, ColumnKind.DATETIME, THERE, THERE),
    (types.nvarchar(50), ColumnKind.TEXT, "Şişli İğdır 🧾", "Şişli İğdır 🧾"),
    (types.nvarchar(50), ColumnKind.TEXT, "", ""),
    (types.varchar(50), ColumnKind.TEXT, "Çağrı İş", "Çağrı İş"),
    (types.NVARCHAR_MAX, ColumnKind.TEXT, "ğ" * 50_001, "ğ" * 50_001),
    (types.VARCHAR_MAX, ColumnKind.TEXT, "ğ" * 20_001, "ğ" * 20_001),
    (types.NTEXT, ColumnKind.TEXT, "açıklama", "açıklama"),
    (types.XML, ColumnKind.TEXT, "<a>ö</a>", "<a>ö</a>"),
    (types.UNIQUEIDENTIFIER, ColumnKind.TEXT, ID, str(ID).upper()),
)


@pytest.mark.parametrize(("type", "kind", "given", "wanted"), VALUES)
def test_a_value_comes_as_it_is_and_null_as_none(
    place: Place, type: Type, kind: ColumnKind, given: object, wanted: object
) -> None:
    columns = (Column("n", types.INT), Column("v", type))
    place.answers(Result(columns, [(1, given), (2, None), (3, given)]))
    with place.source().query("SELECT n, v FROM t", ()) as result:
        found = result.columns[1]
        rows = [row for batch in result.batches() for row in batch]
    assert (found.name, found.kind) == ("v", kind)
    assert [tuple(row) for row in rows] == [(1, wanted), (2, None), (3, wanted)]
    assert str(rows[0][1]) == str(wanted) or isinstance(wanted, datetime)


@pytest.mark.parametrize(
    ("type", "scale"),
    [(types.decimal(12, 3), 3), (types.MONEY, 4), (types.INT, None), (types.DATETIME2, None)],
)
def test_a_scale_is_told_of_decimals_only(place: Place, type: Type, scale: int | None) -> None:
    place.answers(Result((Column("v", type),)))
    with place.source().query("SELECT v FROM t", ()) as result:
        assert result.columns[0].scale == scale
        assert list(result.batches()) == []


@pytest.mark.parametrize("type", [types.VARBINARY, types.VARBINARY_MAX, types.ROWVERSION])
def test_binary_content_is_refused_by_the_name_of_its_column(place: Place, type: Type) -> None:
    place.answers(Result((Column("LOGICALREF", types.INT), Column("PHOTO", type))))
    with pytest.raises(JobError, match="PHOTO") as refused:
        rows_of(place.source(), "SELECT * FROM t")
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SQL, False)


def test_an_instant_is_told_in_the_zone_of_the_installation(place: Place) -> None:
    utc = datetime(2026, 3, 16, 6, 30, tzinfo=timezone.utc)  # noqa: UP017
    place.answers(Result((Column("at", types.DATETIMEOFFSET),), [(utc,)]))
    [[found]] = rows_of(place.source(), "SELECT at FROM t")
    assert isinstance(found, datetime)
    assert (found, found.hour) == (utc, 9)


def test_any_rows_come_as_they_are_in_batches_of_any_size(place: Place) -> None:
    rolls = random.Random(7)
    columns = [Column(f"c{at}", one[0]) for at, one in enumerate(VALUES) if at not in (22, 23)]
    samples = [one for at, one in enumerate(VALUES) if at not in (22, 23)]
    kept = [[rolls.random() > 0.2 for _ in samples] for _ in range(503)]
    rows = [
        [one[2] if is_there else None for one, is_there in zip(samples, some, strict=True)]
        for some in kept
    ]
    place.answers(Result(columns, rows))
    with place.source().query("SELECT * FROM t", ()) as result:
        batches = list(result.batches(100))
    assert [len(one) for one in batches] == [100, 100, 100, 100, 100, 3]
    found = [tuple(row) for batch in batches for row in batch]
    assert found == [
        tuple(one[3] if is_there else None for one, is_there in zip(samples, some, strict=True))
        for some in kept
    ]
