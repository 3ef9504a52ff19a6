"""The test of a source: does it let us in, who are we there, and may we do more than read?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.models import Source as SourceRow
from tasks.models import SourceKind
from tasks.rows import Row
from tasks.sources.base import Source
from tasks.sources.by_name import source_of
from tasks.sources.sql_url import SqlSettings

MOST_RIGHTS = 20
"""More than this says nothing more to who has to take them away."""

HANA_FACTS = "SELECT CURRENT_USER, CURRENT_SCHEMA, (SELECT VERSION FROM SYS.M_DATABASE) FROM DUMMY"
HANA_RIGHTS = """
SELECT GRANTEE_TYPE, GRANTEE, OBJECT_TYPE, SCHEMA_NAME, OBJECT_NAME, PRIVILEGE
FROM SYS.EFFECTIVE_PRIVILEGES
WHERE USER_NAME = CURRENT_USER AND GRANTEE <> 'PUBLIC' AND IS_VALID = 'TRUE'
  AND PRIVILEGE NOT IN ('SELECT', 'SELECT METADATA', 'SELECT CDS METADATA', 'CATALOG READ',
    'EXECUTE')
  AND (SCHEMA_NAME IS NULL OR SCHEMA_NAME <> CURRENT_USER)
ORDER BY SCHEMA_NAME, OBJECT_NAME, GRANTEE, PRIVILEGE"""
"""Left out: what everybody has, and the schema of his own that HANA gives to each user."""

SQL_FACTS = "SELECT current_user, current_schema(), current_setting('server_version')"
SQL_RIGHTS = """
SELECT 'ROLE', current_user, 'role', NULL, NULL, what
FROM pg_roles, LATERAL (VALUES ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole),
  ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication)) AS given (what, has)
WHERE rolname = current_user AND has
UNION ALL
SELECT 'ROLE', rolname, 'role', NULL, NULL, 'MEMBER' FROM pg_roles
WHERE rolname IN ('pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files',
  'pg_execute_server_program', 'pg_signal_backend') AND pg_has_role(oid, 'MEMBER')
UNION ALL
SELECT 'USER', current_user, 'database', NULL, current_database()::text, 'CREATE'
WHERE has_database_privilege(current_database(), 'CREATE')
UNION ALL
SELECT 'USER', current_user, 'schema', nspname::text, NULL, 'CREATE' FROM pg_namespace
WHERE nspname !~ '^(pg_|information_schema$)' AND has_schema_privilege(oid, 'CREATE')
UNION ALL
SELECT 'USER', current_user, 'tables', nspname::text, NULL, what
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace,
  LATERAL (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS right_to (what)
WHERE relkind IN ('r', 'p', 'v', 'f') AND nspname !~ '^(pg_|information_schema$)'
  AND has_table_privilege(pg_class.oid, what)
GROUP BY nspname, what
ORDER BY 4, 5, 2, 6"""

SQL_SERVER = "SQL Server"
SQL_SERVER_FACTS = """
SELECT SUSER_SNAME(), SCHEMA_NAME(), CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128))"""
SQL_SERVER_RIGHTS = """
SELECT 'ROLE', name COLLATE DATABASE_DEFAULT AS role, 'role', NULL, NULL,
  'MEMBER' COLLATE DATABASE_DEFAULT AS what
FROM sys.server_principals
WHERE type = 'R' AND name <> 'public' AND IS_SRVROLEMEMBER(name) = 1
UNION ALL
SELECT 'ROLE', name COLLATE DATABASE_DEFAULT, 'role', NULL, NULL, 'MEMBER'
FROM sys.database_principals
WHERE type = 'R' AND is_fixed_role = 1 AND IS_ROLEMEMBER(name) = 1
  AND name NOT IN ('public', 'db_datareader', 'db_denydatawriter')
UNION ALL
SELECT 'USER', USER_NAME() COLLATE DATABASE_DEFAULT, 'database', NULL,
  DB_NAME() COLLATE DATABASE_DEFAULT, permission_name COLLATE DATABASE_DEFAULT
FROM fn_my_permissions(NULL, 'DATABASE')
WHERE permission_name NOT IN ('CONNECT', 'SELECT') AND permission_name NOT LIKE 'VIEW %'
UNION ALL
SELECT 'USER', USER_NAME() COLLATE DATABASE_DEFAULT, 'tables', s.name COLLATE DATABASE_DEFAULT,
  NULL, r.what COLLATE DATABASE_DEFAULT
FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id
  CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('ALTER')) AS r (what)
WHERE HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(t.name), 'OBJECT', r.what) = 1
GROUP BY s.name, r.what
ORDER BY 4, 5, 2, 6"""
"""The names of SQL Server's own tables have other collations, which no UNION joins by itself."""


@dataclass(frozen=True, slots=True)
class WideRight:
    """Rights beyond reading, in one place; `role` is the role that carries them, or empty."""

    rights: tuple[str, ...]
    place: str
    """A schema, a table with its schema, or empty for the whole database."""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """What the source answered."""

    user: str
    schema: str
    product: str
    milliseconds: int
    """From the call to the first answer, the login among it."""
    wide_rights: tuple[WideRight, ...] = ()
    guarded: bool = True
    """Whether the database itself keeps our transactions from writing; SQL Server cannot."""

    @property
    def only_reads(self) -> bool:
        """Whether the user could not write even outside of our transactions."""
        return not self.wide_rights


def try_source(row: SourceRow, *, asked: bool = False) -> Tested:
    """Log in and look around; raises JobError. Not to be called inside a transaction.

    `asked` tries the login even where it is given up, since a person wants to know.
    """
    began = time.monotonic()
    source = source_of(row, asked=asked)
    if row.kind is SourceKind.DUCKDB:
        _rows(source, "SELECT 1 AS A FROM DUMMY")
        return Tested("–", str(row.settings["schema"]), "DuckDB", _since(began))
    product, facts, rights = _questions(row)
    [(user, schema, version)] = _rows(source, facts)
    milliseconds = _since(began)
    found = _rows(source, rights)
    return Tested(
        str(user),
        str(schema or "–"),
        f"{product} {version}",
        milliseconds,
        _wide_rights(found),
        guarded=product != SQL_SERVER,
    )


def _questions(row: SourceRow) -> tuple[str, str, str]:
    """Return the product of a source, and what to ask of it: who we are, and what we may do."""
    if row.kind is SourceKind.HANA:
        return "SAP HANA", HANA_FACTS, HANA_RIGHTS
    if SqlSettings.model_validate(row.settings).is_sql_server:
        return SQL_SERVER, SQL_SERVER_FACTS, SQL_SERVER_RIGHTS
    return "PostgreSQL", SQL_FACTS, SQL_RIGHTS


def _wide_rights(rows: Sequence[Row]) -> tuple[WideRight, ...]:
    """Gather the rights of one place and one role."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for grantee_type, grantee, _kind, schema, name, right in rows:
        place = ".".join(str(part) for part in (schema, name) if part)
        role = str(grantee) if grantee_type == "ROLE" else ""
        gathered.setdefault((place, role), []).append(str(right))
    found = [WideRight(tuple(rights), *key) for key, rights in gathered.items()]
    return tuple(found[:MOST_RIGHTS])


def _rows(source: Source, sql: str) -> list[Row]:
    with source.query(sql, ()) as found:
        return [row for batch in found.batches() for row in batch]


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)
