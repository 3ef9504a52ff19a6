"""The line to an SFTP server: to the one server whose key was confirmed, and with an end."""

import base64
import hashlib
import io
import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import paramiko
from paramiko.ssh_exception import AuthenticationException, SSHException

from tasks.channels.bounds import LONGEST_TALK, STEP_SECONDS
from tasks.channels.errors import Refused, Unreachable
from tasks.channels.settings import SftpSettings, SshLogin
from tasks.errors import Invalid

WIRE_NAMES = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
"""What the two sides call a kind of key while they agree on one."""
NOT_OF_THE_PROTOCOL = (paramiko.SFTPError, struct.error, UnicodeDecodeError)
"""What paramiko raises for an answer that it cannot read."""
BEGINNING = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
TOO_LONG = "It takes longer than {minutes} minutes."


@dataclass(slots=True)
class Line:
    """An open line; `check` has to be called between two steps."""

    sftp: paramiko.SFTPClient
    until: float

    def check(self) -> None:
        """Raise Unreachable once the whole talk has taken too long."""
        if time.monotonic() > self.until:
            raise Unreachable(
                "It took longer than {minutes} minutes.", minutes=round(LONGEST_TALK / 60)
            )


@contextmanager
def line_to(
    settings: SftpSettings, secrets: dict[str, str], *, step_seconds: float = STEP_SECONDS
) -> Iterator[Line]:
    """Open the line, and close it; raises Refused or Unreachable, also for what the block does.

    Nothing is sent, the login least of all, before the server has shown the confirmed key.
    """
    if not settings.host_key:
        raise Refused(
            "Nobody has confirmed the key of the server {host} yet. An administrator does so on "
            "the page of the channel.",
            host=settings.host,
        )
    with _in_words(settings), _shaken_hands(settings, step_seconds) as transport:
        _check_key(settings, _text_of(transport.get_remote_server_key()))
        _log_in(transport, settings, secrets)
        sftp = paramiko.SFTPClient.from_transport(transport)
        if sftp is None:
            raise SSHException("it has no SFTP")
        with closing(sftp):
            channel = sftp.get_channel()
            if channel is not None:
                channel.settimeout(step_seconds)
            yield Line(sftp, time.monotonic() + LONGEST_TALK)


def key_of_server(settings: SftpSettings, *, step_seconds: float = STEP_SECONDS) -> str:
    """Return the key that the server shows now, for a person to confirm; raises Unreachable."""
    anyone = settings.model_copy(update={"host_key": ""})
    with _in_words(settings), _shaken_hands(anyone, step_seconds) as transport:
        return _text_of(transport.get_remote_server_key())


def fingerprint(host_key: str) -> str:
    """Return the fingerprint of a key, as OpenSSH writes it."""
    digest = hashlib.sha256(base64.b64decode(host_key.partition(" ")[2])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def private_key(text: str) -> paramiko.PKey:
    """Read a private key without a passphrase; raises Invalid."""
    kinds = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
    if BEGINNING.search(text):
        for kind in kinds:
            try:
                return kind.from_private_key(io.StringIO(text.strip() + "\n"))
            except (SSHException, ValueError, IndexError, TypeError, NotImplementedError):
                continue  # of another kind
    raise Invalid(
        "This is no private key that can be read. Paste an OpenSSH key without a passphrase, of "
        "the kind Ed25519, ECDSA or RSA.",
        field="private_key",
    )


@contextmanager
def _shaken_hands(settings: SftpSettings, seconds: float) -> Iterator[paramiko.Transport]:
    with socket.create_connection((settings.host, settings.port), timeout=seconds) as line:
        transport = paramiko.Transport(line)
        transport.banner_timeout = transport.handshake_timeout = seconds
        transport.auth_timeout = transport.channel_timeout = seconds
        _prefer(transport, settings.host_key.partition(" ")[0])
        try:
            transport.start_client(timeout=seconds)
            if not transport.initial_kex_done:
                raise TimeoutError("time-out")
            yield transport
        finally:
            transport.close()


def _prefer(transport: paramiko.Transport, kind: str) -> None:
    """Ask for the kind of key that was confirmed: a server may have one of each kind."""
    options = transport.get_security_options()
    wished = [one for one in WIRE_NAMES.get(kind, (kind,)) if one in options.key_types]
    if wished:
        options.key_types = [*wished, *(one for one in options.key_types if one not in wished)]


def _check_key(settings: SftpSettings, shown: str) -> None:
    if shown != settings.host_key:
        raise Refused(
            "The server {host} shows another key than the one that was confirmed ({shown} instead "
            "of {known}). Nothing was sent to it. Ask who runs it whether its key was changed.",
            host=settings.host,
            shown=fingerprint(shown),
            known=fingerprint(settings.host_key),
        )


def _log_in(transport: paramiko.Transport, settings: SftpSettings, secrets: dict[str, str]) -> None:
    if settings.login is SshLogin.KEY:
        transport.auth_publickey(settings.user, private_key(secrets.get("private_key", "")))
    else:
        transport.auth_password(settings.user, secrets.get("password", ""))


@contextmanager
def _in_words(settings: SftpSettings) -> Iterator[None]:
    host = settings.host
    try:
        yield
    except AuthenticationException as error:
        if "timeout" in str(error).lower():
            raise _unreachable(host, "time-out") from error
        raise Refused(
            "{host} does not let the user {user} in. Look at the user and the password or key.",
            host=host,
            user=settings.user,
        ) from error
    except Invalid as error:
        raise Refused(error.template, **error.values) from error
    except TimeoutError as error:
        raise _unreachable(host, "time-out") from error
    except (OSError, EOFError, SSHException, *NOT_OF_THE_PROTOCOL) as error:
        raise _unreachable(host, getattr(error, "strerror", None) or str(error)) from error


def _unreachable(host: str, why: str) -> Unreachable:
    return Unreachable(
        "The server {host} could not be reached or broke off ({why}).",
        host=host,
        why=why or "the line was closed",
    )


def _text_of(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"
