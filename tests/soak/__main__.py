"""`python -m tests.soak --runs 10000 --seed 7 --database postgresql`: one JSON line, exit 1 where
something did not hold. What the processes said stays in the folder that is named then."""

import argparse
import json
import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tasks.settings import settings
from tests.soak.plan import a_plan
from tests.soak.soak import SETTINGS, soak
from tests.support.databases import migrate, postgres
from tests.support.valkey import Valkey


def main() -> int:
    """Soak once; leave nothing behind where all held."""
    wanted = _arguments()
    plan = a_plan(wanted.runs, seed=wanted.seed, seconds=wanted.seconds)
    print(f"seed {plan.seed}", file=sys.stderr)  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-soak-"))
    logging.basicConfig(filename=folder / "soak.log", level=logging.INFO)
    with _database(wanted.database, folder) as url, _broker(folder) as broker:
        os.environ |= {
            **SETTINGS,
            "ORCHESTRATOR_HOME_DIR": str(folder),
            "ORCHESTRATOR_DATABASE_URL": url,
            "ORCHESTRATOR_BROKER_URL": broker.url,
        }
        settings.cache_clear()  # read when the Celery application was imported
        summary = soak(plan, folder, broker)
    print(json.dumps(asdict(summary)))  # noqa: T201
    if summary.violations:
        print(f"what was said lies in {folder}", file=sys.stderr)  # noqa: T201
        return 1
    shutil.rmtree(folder)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, help="How long runs are promised for.")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "postgresql":
        with postgres() as server, server.database() as url:
            yield url
    else:
        url = f"sqlite:///{folder / 'orchestrator.sqlite'}"
        migrate(url)
        yield url


@contextmanager
def _broker(folder: Path) -> Iterator[Valkey]:
    (folder / "valkey").mkdir()
    broker = Valkey(folder / "valkey")
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


if __name__ == "__main__":
    sys.exit(main())
