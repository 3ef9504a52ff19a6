"""What every test may use: a home folder of its own, and real databases and brokers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.encryption import new_key
from tasks.settings import settings
from tasks.sources.duckdb_file import open_read_only
from tests.support.databases import Postgres, migrate, postgres, start_anew
from tests.support.hana import OTHER_SCHEMA, Hana
from tests.support.valkey import Valkey
from tests.unit.demo.conftest import built_in


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "orchestrator.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The PostgreSQL server of this test session."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey that all tests share, each under a prefix of its own."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo company, held open: DuckDB then opens it again in a tenth of the time."""
    path = built_in(tmp_path_factory.getbasetemp())
    with open_read_only(path):
        yield path


@pytest.fixture(scope="session")
def hana_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hana]:
    """A server that speaks HANA's protocol over two demo companies."""
    server = Hana(built_in(tmp_path_factory.getbasetemp()), schemas=[OTHER_SCHEMA])
    yield server
    server.stop()


@pytest.fixture
def hana(hana_server: Hana) -> Hana:
    """The same server for one test: no fault is set, nobody is connected."""
    hana_server.reset()
    return hana_server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, in the settings of this test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("ORCHESTRATOR_HOME_DIR", str(folder))
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEY", "a key for tests only, never used elsewhere")
    monkeypatch.setenv("ORCHESTRATOR_ENCRYPTION_KEYS", new_key())
    start_anew()
    yield folder
    start_anew()


@pytest.fixture
def sqlite_database(home: Path, migrated_sqlite: Path) -> str:
    """A migrated SQLite database in the home folder; returns its URL."""
    shutil.copy(migrated_sqlite, home / "orchestrator.sqlite")
    return f"sqlite:///{home / 'orchestrator.sqlite'}"


@pytest.fixture
def postgres_database(
    home: Path,  # first: the settings must be this test's own
    postgres_server: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """A migrated PostgreSQL database; returns its URL."""
    with postgres_server.database() as url:
        monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", url)
        settings.cache_clear()
        yield url
        start_anew()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The test runs on SQLite, then on PostgreSQL; returns the URL."""
    kind = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    url: str = request.getfixturevalue(kind)
    return url
