"""`python -m tests.hana_server --port 30015`: a HANA to try things on."""

import argparse
import os
import signal
import ssl
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from tasks.clock import utcnow
from tasks.demo import company
from tests.hana_server.channel import Channel
from tests.hana_server.rights import User, Users
from tests.hana_server.server import HOST, Server
from tests.hana_server.shared import Shared
from tests.hana_server.store import SCRATCH, Store

READER = ("REPORTS", "Reports-2026")
"""May read the companies and nothing else."""
OWNER = ("OWNER", "Owner-2026")
"""May do anything."""

_USE = """HANA's protocol on {host}:{port}. Schemas: {schemas}. End it with Ctrl+C.

    from hdbcli import dbapi
    connection = dbapi.connect(address="{host}", port={port}, user="{reader[0]}",
                               password="{reader[1]}", currentSchema="{schema}"{encrypt})
    cursor = connection.cursor()
    cursor.execute('SELECT "CardCode", "CardName" FROM OCRD LIMIT 5')
    print(cursor.fetchall())

{owner[0]} / {owner[1]} may write too."""


def main() -> None:
    """Serve until the input ends or Ctrl+C, and leave nothing behind."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="hana-") as folder:
        _serve(wanted, Path(folder))
    # Threads that still serve a client would hold up an orderly end.
    os._exit(0)


def _serve(wanted: argparse.Namespace, folder: Path) -> None:
    store = Store(folder, wanted.company or _built(folder), companies=wanted.schema)
    schemas = frozenset({company.SCHEMA, *wanted.schema, SCRATCH})
    users = Users(User(*READER, schemas=schemas), User(*OWNER, may_write=True))
    shared = Shared(store, users)
    server = Server(shared, port=wanted.port, tls=_tls(wanted.certificate, wanted.key))
    if wanted.orders:
        print(server.port, flush=True)  # noqa: T201
        # The input ends when whoever gives the orders has died.
        Channel(shared, server).serve(sys.stdin, sys.stdout)
        return
    # A shell that starts programs in the background lets them ignore Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _say_how(server.port, sorted(schemas), encrypted=wanted.certificate is not None)
        threading.Event().wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hana_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--company", type=Path, help="a demo.duckdb to copy; else one is built")
    parser.add_argument("--schema", action="append", default=[], help="one more company")
    parser.add_argument("--certificate", type=Path, help="a PEM file: speak TLS")
    parser.add_argument("--key", type=Path, help="the certificate's key, a PEM file")
    parser.add_argument("--orders", action="store_true", help="take orders from the input")
    return parser.parse_args()


def _built(folder: Path) -> Path:
    path = folder / "made.duckdb"
    company.build(path, until=utcnow().date())
    return path


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _say_how(port: int, schemas: list[str], *, encrypted: bool) -> None:
    encrypt = ", encrypt=True, sslValidateCertificate=False" if encrypted else ""
    text = _USE.format(
        host=HOST,
        port=port,
        schemas=", ".join(schemas),
        schema=company.SCHEMA,
        reader=READER,
        owner=OWNER,
        encrypt=encrypt,
    )
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
