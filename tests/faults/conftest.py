"""One stage a module on each database; each fault begins with all of it whole."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.promises import Promises
from tests.faults.stage import Stage
from tests.support.databases import start_anew
from tests.support.mail import Mailbox, smtp_server
from tests.support.stack import QUICK, Processes
from tests.support.valkey import Valkey


@pytest.fixture(scope="module")
def module_settings() -> Iterator[pytest.MonkeyPatch]:
    """The environment of a module's processes, and of the tests themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORCHESTRATOR_SECRET_KEY", "a key for tests only, never used elsewhere")
        for name, value in QUICK.items():
            patch.setenv(name, value)
        yield patch


@pytest.fixture(scope="module")
def mailbox(module_settings: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this module got."""
    with smtp_server() as (url, mailbox):
        module_settings.setenv("ORCHESTRATOR_SMTP_URL", url)
        yield mailbox


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    module_settings: pytest.MonkeyPatch,
    mailbox: Mailbox,
) -> Iterator[Stage]:
    """The stage on SQLite, then on PostgreSQL."""
    home = tmp_path_factory.mktemp("stage")
    broker = Valkey(home)
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(migrated_sqlite, home / "orchestrator.sqlite")
            url = f"sqlite:///{home / 'orchestrator.sqlite'}"
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        module_settings.setenv("ORCHESTRATOR_HOME_DIR", str(home))
        module_settings.setenv("ORCHESTRATOR_DATABASE_URL", url)
        module_settings.setenv("ORCHESTRATOR_BROKER_URL", broker.url)
        start_anew()
        stage = Stage(home, url, broker, Processes({}))
        yield stage
        stage.end()
        start_anew()


@pytest.fixture
def promises(stage: Stage) -> Promises:
    """The promises of one test, on a stage that is whole."""
    stage.make_whole()
    return Promises(stage.home)
