"""The test of a channel by a person: something small is sent, and what came of it is told."""

from dataclasses import dataclass
from importlib import import_module

from pydantic import ValidationError

from tasks.channels.email_account import account_of
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.channels.settings import SftpSettings, kept_settings
from tasks.errors import Invalid, OrchestratorError
from tasks.kinds import ChannelKind
from tasks.models import Channel


@dataclass(frozen=True, slots=True)
class Tested:
    """Where the test went, or the fault; for a server over SSH the key that it shows now."""

    place: str = ""
    fault: OrchestratorError | None = None
    host_key: str = ""
    """To be confirmed: it is not the one that is kept."""
    fingerprint: str = ""


def try_channel(channel: Channel) -> Tested:
    """Send something small over the channel, whether it is switched on or not."""
    if channel.kind is ChannelKind.SFTP:
        return _try_sftp(channel)
    try:
        return Tested(place=_tried(channel))
    except (Refused, Unreachable, Uncertain, Invalid) as error:
        return Tested(fault=error)
    except ValidationError:
        return Tested(fault=Refused("The settings of the channel cannot be read. Save it anew."))


def _tried(channel: Channel) -> str:
    if channel.kind is ChannelKind.EMAIL:
        from tasks.channels.email import greet

        account = account_of(channel)
        greet(account)
        return f"{account.host}:{account.port}"
    place: str = import_module(f"tasks.channels.{channel.kind}").try_out(channel)
    return place


def _try_sftp(channel: Channel) -> Tested:
    """Look at the key first: one that nobody has confirmed gets no login."""
    from tasks.channels import sftp
    from tasks.channels.sftp_line import fingerprint, key_of_server

    try:
        settings = kept_settings(SftpSettings, channel.settings)
        shown = key_of_server(settings)
        if shown == settings.host_key:
            return Tested(place=sftp.try_out(channel))
    except (Refused, Unreachable) as error:
        return Tested(fault=error)
    return Tested(host_key=shown, fingerprint=fingerprint(shown))
