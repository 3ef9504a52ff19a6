"""From a channel to an open session: the driver's login, and the way to a readable replica.

`pytds.connect` would try a refused login again, and follow a server that names another one over a
plain socket, with the password. So its parts are put together here.
"""

import logging
import os
import socket
import time
from dataclasses import dataclass, field, replace

from pytds import lcid, tds_base
from pytds.connection import NonMarsConnection
from pytds.row_strategies import tuple_row_strategy
from pytds.tds_socket import _TdsSocket

from tasks.sources.mssql_channel import Channel, NoTls

PACKET_BYTES = 8_000
LEAST_SECONDS = 0.1
MOST_ROUTES = 2
"""A listener of a group names the replica; nobody names one further than that."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to log in, as whom, and under which name an administrator sees it."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    reader: str
    seconds: float
    encrypt: bool
    verify: bool


@dataclass(frozen=True, slots=True)
class Session:
    """An open session in a transaction of its own, and the line that it speaks over."""

    connection: NonMarsConnection
    channel: Channel

    def close(self) -> None:
        """End it; the server rolls back what was open, once it stopped what still ran."""
        if self.connection._tds_socket.main_session.state != tds_base.TDS_IDLE:
            self.channel.attend()
        self.channel.close()


def log_in(wanted: Wanted) -> Session:
    """Log in, at a readable replica where the server names one; raises what the driver raises."""
    logging.getLogger("pytds").setLevel(logging.WARNING)  # it would log each query
    until = time.monotonic() + wanted.seconds
    for _ in range(MOST_ROUTES + 1):
        session, route = _try(wanted, max(until - time.monotonic(), LEAST_SECONDS))
        if route is None:
            return session
        session.channel.close()
        wanted = replace(wanted, host=str(route["server"]), port=int(route["port"]))
    raise NoTls(f"the server sends us on and on, last to {wanted.host}")


def _try(wanted: Wanted, seconds: float) -> tuple[Session, tds_base.Route | None]:
    channel = Channel(
        wanted.host,
        wanted.port,
        seconds=seconds,
        encrypt=wanted.encrypt,
        verify=wanted.verify,
    )
    try:
        return _log_in(channel, wanted)
    except BaseException:
        channel.close()
        raise


def _log_in(channel: Channel, wanted: Wanted) -> tuple[Session, tds_base.Route | None]:
    driver = _TdsSocket(sock=channel, login=_login(wanted), row_strategy=tuple_row_strategy)
    route = driver.login()
    if route is None:
        driver.main_session.begin_tran()
    connection = NonMarsConnection(pooling=False, key=(), tds_socket=driver)
    return Session(connection, channel), route


def _login(wanted: Wanted) -> tds_base._TdsLogin:
    """Say who we are: in ODBC's manner of NULLs and quotes, and that we only mean to read."""
    login = tds_base._TdsLogin()
    login.client_host_name = socket.gethostname()[:128]
    login.library = login.app_name = wanted.reader[:128]
    login.server_name = wanted.host[:128]
    login.user_name, login.password = wanted.user, wanted.password
    login.database = wanted.database
    login.client_lcid = lcid.LANGID_ENGLISH_US
    login.pid = os.getpid()
    login.enc_flag = tds_base.PreLoginEnc.ENCRYPT_NOT_SUP  # the channel sees to it
    login.option_flag2 = tds_base.TDS_ODBC_ON
    login.blocksize = PACKET_BYTES
    login.bytes_to_unicode = True
    login.readonly = True
    return login
