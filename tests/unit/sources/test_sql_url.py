"""An address of a database may name no file of this machine, and holds no password."""

import pytest

from tasks.errors import Invalid
from tasks.sources.sql_url import SqlSettings, check_url

GOOD = (
    "postgresql+psycopg://logo@db.example.com/tiger",
    "postgresql+psycopg://logo@db-1:5433/TIGER_2026",
    "postgresql+psycopg://logo@10.0.0.7/tiger?sslmode=verify-full&sslrootcert=system",
    "postgresql+psycopg://domain%5Clogo@[::1]:5432/tiger?sslmode=require",
    "mssql+pytds://logo@db.example.com/TIGER",
    "mssql+pytds://logo@db-1:1435/TIGER_2026?encrypt=yes&trust_server_certificate=yes",
    "mssql+pytds://logo@db-1/TIGER?encrypt=no",
)
START = "postgresql+psycopg://logo@"
BAD = (
    "",
    "tiger",
    "sqlite:////etc/passwd",
    "duckdb:////etc/passwd",
    "mysql+pymysql://logo@db/tiger?local_infile=1",
    "postgresql://logo@db/tiger",
    "postgresql+psycopg2://logo@db/tiger",
    "mssql+pyodbc:///?odbc_connect=DRIVER%3D/tmp/evil.so",
    "postgresql+psycopg://logo:secret@db/tiger",
    "postgresql+psycopg://logo@/tiger",
    "postgresql+psycopg:///tiger",
    "postgresql+psycopg://db/tiger",
    f"{START}db",
    f"{START}%2Ftmp/tiger",
    f"{START}%40abstract/tiger",
    f"{START}db,other/tiger",
    f"{START}db/tiger%20host=%2Ftmp",
    f"{START}db/service=x",
    f"{START}db/tiger?host=/var/run/postgresql",
    f"{START}db/tiger?hostaddr=10.0.0.1",
    f"{START}db/tiger?service=x",
    f"{START}db/tiger?servicefile=/tmp/x",
    f"{START}db/tiger?passfile=/tmp/x",
    f"{START}db/tiger?sslkey=/tmp/x",
    f"{START}db/tiger?sslcert=/tmp/x",
    f"{START}db/tiger?sslrootcert=/etc/passwd",
    f"{START}db/tiger?sslkeylogfile=/tmp/x",
    f"{START}db/tiger?options=-c%20default_transaction_read_only=off",
    f"{START}db/tiger?sslmode=whatever",
    f"{START}db/tiger?sslmode=require&sslmode=disable",
    f"{START}db/tiger?password=secret",
    f"{START}db/tiger?encrypt=no",
    "mssql+pyodbc://logo@db/tiger",
    "mssql+pymssql://logo@db/tiger",
    "mssql+pytds://logo:secret@db/tiger",
    "mssql+pytds://db/tiger",
    "mssql+pytds://logo@db",
    "mssql+pytds://logo@/tiger",
    r"mssql+pytds://logo@db\LOGO/tiger",
    "mssql+pytds://logo@db%2Fetc/tiger",
    "mssql+pytds://logo@db/tiger?cafile=/etc/passwd",
    "mssql+pytds://logo@db/tiger?attach_db_file=/tmp/x.mdf",
    "mssql+pytds://logo@db/tiger?auth=sspi",
    "mssql+pytds://logo@db/tiger?encrypt=maybe",
    "mssql+pytds://logo@db/tiger?encrypt=yes&encrypt=no",
    "mssql+pytds://logo@db/tiger?sslmode=disable",
)


@pytest.mark.parametrize("url", GOOD)
def test_host_port_user_and_database_are_taken(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize("url", BAD)
def test_whatever_could_lead_to_a_file_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_url(url)
    assert refused.value.field == "url"
    assert "secret" not in refused.value.message


def test_the_port_is_the_usual_one_where_none_is_named() -> None:
    assert SqlSettings.model_validate({"url": GOOD[0]}).address == "db.example.com:5432"
    assert SqlSettings.model_validate({"url": GOOD[1]}).address == "db-1:5433"
    assert SqlSettings.model_validate({"url": "mssql+pytds://u@db/d"}).address == "db:1433"
