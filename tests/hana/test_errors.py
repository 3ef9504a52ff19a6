"""The numbers of errors, the classes that the client makes of them, and where they point."""

from typing import Any

import pytest
from hdbcli import dbapi

from tests.support.hana import Hana

WRONG = [
    ("SELECT * FROM NOWHERE", dbapi.ProgrammingError, 259, "line 1 col 15 (at pos 15)"),
    ('SELECT "docnum" FROM ORDR', dbapi.ProgrammingError, 260, "line 1 col 8 (at pos 8)"),
    ('SELECT 1\nFROM ORDR T0 WHERE T0."X" = 1', dbapi.ProgrammingError, 260, "line 2 col 20"),
    ('SELECT T0."DocEntry" FROM ORDR T1', dbapi.ProgrammingError, 260, "T0.DocEntry"),
    ('SELECT "DocEntry" FROM ORDR T0, RDR1 T1', dbapi.ProgrammingError, 268, "line 1 col 8"),
    ('SELECT "CardCode", COUNT(*) FROM ORDR', dbapi.Error, 277, "line 1 col 8"),
    ("SELEC 1 FROM DUMMY", dbapi.ProgrammingError, 257, "line 1 col 1"),
    ("SELECT 1 FROM DUMMY; DROP TABLE ORDR", dbapi.ProgrammingError, 257, 'near ";"'),
    ("SELECT NO_SUCH(1) FROM DUMMY", dbapi.Error, 328, "NO_SUCH"),
    ("SELECT 1 FROM NOPE.ORDR", dbapi.Error, 362, "NOPE"),
    ("SELECT 1 FROM OTHERDB.SBODEMOTR.ORDR", dbapi.Error, 362, "OTHERDB"),
    ("SELECT 1 / 0 FROM DUMMY", dbapi.DataError, 304, "division by zero"),
    ("SELECT TO_INTEGER('x1') FROM DUMMY", dbapi.ProgrammingError, 339, "x1"),
    ("SELECT TO_DATE('x1') FROM DUMMY", dbapi.ProgrammingError, 303, "invalid DATE"),
    ("-- nothing", dbapi.Error, 257, "line 1 col 1"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "kind", "code", "words"), WRONG, ids=[w[0] for w in WRONG])
def test_a_wrong_query_is_told_with_its_number_and_its_place(
    reader: Any, sql: str, kind: type[Exception], code: int, words: str
) -> None:
    with pytest.raises(kind) as refused:
        reader.execute(sql, [])

    assert isinstance(refused.value, dbapi.Error)
    assert refused.value.errorcode == code
    assert words in refused.value.errortext


def test_the_session_works_on_after_an_error(reader: Any) -> None:
    with pytest.raises(dbapi.Error):
        reader.execute("SELECT 1 / 0 FROM DUMMY")

    reader.execute("SELECT 1 FROM DUMMY")
    assert reader.fetchone()[0] == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM ORDR",
        'UPDATE ORDR SET "DocTotal" = 0',
        "INSERT INTO OACT VALUES ('1', 'x', 0)",
        "CREATE TABLE T (A INTEGER)",
        "DROP TABLE ORDR",
        "TRUNCATE TABLE ORDR",
        "CALL SYS.SOMETHING()",
        "DO BEGIN END",
        "SELECT * FROM ORDR FOR UPDATE",
    ],
)
def test_a_user_who_may_only_read_changes_nothing(reader: Any, sql: str) -> None:
    with pytest.raises(dbapi.Error) as refused:
        reader.execute(sql)

    assert refused.value.errorcode == 258


def test_a_schema_without_the_right_to_it_is_refused(hana: Hana, connect: Any) -> None:
    hana.user("NARROW", "Narrow-2026", schemas=["SBODEMODE"])
    cursor = connect(("NARROW", "Narrow-2026")).cursor()

    with pytest.raises(dbapi.Error) as refused:
        cursor.execute("SELECT 1 FROM SBODEMOTR.ORDR")

    assert refused.value.errorcode == 258
    cursor.execute("SELECT SCHEMA_NAME FROM SYS.SCHEMAS")
    assert sorted(row[0] for row in cursor.fetchall()) == ["SBODEMODE", "SYS"]


def test_a_key_that_is_there_and_a_null_that_must_not_be_are_told(cursor: Any) -> None:
    cursor.execute("CREATE TABLE T (A INTEGER PRIMARY KEY, B NVARCHAR(5) NOT NULL)")
    cursor.execute("INSERT INTO T VALUES (1, 'x')")

    with pytest.raises(dbapi.IntegrityError) as twice:
        cursor.execute("INSERT INTO T VALUES (1, 'y')")
    with pytest.raises(dbapi.DataError) as empty:
        cursor.execute("INSERT INTO T VALUES (2, NULL)")

    assert (twice.value.errorcode, empty.value.errorcode) == (301, 287)
