"""Several companies on one server, and what the system views tell of them."""

from typing import Any

from tests.hana.conftest import Connect
from tests.support.hana import OTHER_SCHEMA, READER, SCHEMA


def test_each_company_has_rows_of_its_own(connect: Connect) -> None:
    totals = []
    for schema in (SCHEMA, OTHER_SCHEMA):
        cursor = connect(currentSchema=schema).cursor()
        cursor.execute('SELECT SUM("DocTotal"), CURRENT_SCHEMA FROM OINV')
        totals.append(tuple(cursor.fetchone()))

    assert totals[0][0] != totals[1][0]
    assert [total[1] for total in totals] == [SCHEMA, OTHER_SCHEMA]


def test_the_schema_can_be_set_and_be_named(reader: Any) -> None:
    reader.execute(f'SELECT COUNT(*) FROM "{OTHER_SCHEMA}"."ORDR"')
    named = reader.fetchone()[0]

    reader.execute(f'SET SCHEMA "{OTHER_SCHEMA}"')
    reader.execute('SELECT COUNT(*) FROM "ORDR"')

    assert reader.fetchone()[0] == named > 0


def test_two_companies_meet_in_one_query(reader: Any) -> None:
    reader.execute(
        f'SELECT A."CardCode" FROM "{SCHEMA}"."OCRD" A'
        f' JOIN "{OTHER_SCHEMA}"."OCRD" B ON A."CardCode" = B."CardCode" LIMIT 3'
    )

    assert len(reader.fetchall()) == 3


def test_the_tables_and_columns_are_told(reader: Any) -> None:
    reader.execute("SELECT COUNT(*) FROM SYS.TABLES WHERE SCHEMA_NAME = ?", [SCHEMA])
    tables = reader.fetchone()[0]
    reader.execute(
        "SELECT COLUMN_NAME, DATA_TYPE_NAME, LENGTH, SCALE FROM SYS.TABLE_COLUMNS"
        " WHERE SCHEMA_NAME = ? AND TABLE_NAME = 'OUQR' ORDER BY POSITION",
        [SCHEMA],
    )

    assert tables > 40
    assert [tuple(row) for row in reader.fetchall()] == [
        ("IntrnalKey", "INTEGER", 0, None),
        ("QCategory", "INTEGER", 0, None),
        ("QName", "NVARCHAR", 254, None),
        ("QString", "NCLOB", 0, None),
    ]


def test_the_rights_of_a_user_are_told(reader: Any) -> None:
    reader.execute(
        "SELECT PRIVILEGE, SCHEMA_NAME FROM SYS.EFFECTIVE_PRIVILEGES WHERE USER_NAME = CURRENT_USER"
    )

    rights = {tuple(row) for row in reader.fetchall()}

    assert ("SELECT", SCHEMA) in rights
    assert {right for right, _ in rights} == {"SELECT"}


def test_a_user_sees_the_own_connections_with_their_applications(connect: Connect) -> None:
    connect(**{"SESSIONVARIABLE:APPLICATION": "other"}).cursor().execute("SELECT 1 FROM DUMMY")
    cursor = connect().cursor()

    cursor.execute(
        "SELECT C.USER_NAME, S.VALUE FROM SYS.M_CONNECTIONS C JOIN SYS.M_SESSION_CONTEXT S"
        " ON S.CONNECTION_ID = C.CONNECTION_ID AND S.KEY = 'APPLICATION'"
    )

    assert (READER[0], "other") in {tuple(row) for row in cursor.fetchall()}
