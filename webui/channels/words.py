"""What a channel is, in the reader's words."""

from flask_babel import lazy_gettext

from tasks.channels.email_settings import Security
from tasks.channels.settings import Existing, Link, SshLogin
from tasks.kinds import ChannelKind
from tasks.models import Channel

KINDS = {
    ChannelKind.EMAIL: lazy_gettext("E-mail account"),
    ChannelKind.FOLDER: lazy_gettext("Folder or share"),
    ChannelKind.SFTP: lazy_gettext("SFTP"),
    ChannelKind.WEBHOOK: lazy_gettext("Webhook"),
    ChannelKind.TEAMS: lazy_gettext("Microsoft Teams"),
    ChannelKind.SLACK: lazy_gettext("Slack"),
}
ABOUT = {
    ChannelKind.EMAIL: lazy_gettext(
        "Another mail server or another sender than the installation's."
    ),
    ChannelKind.FOLDER: lazy_gettext("The files are put into a folder that this server sees."),
    ChannelKind.SFTP: lazy_gettext("The files are put into a folder of another server, over SSH."),
    ChannelKind.WEBHOOK: lazy_gettext("A program is told of each run, by a signed message."),
    ChannelKind.TEAMS: lazy_gettext("A card is posted in a room of Teams."),
    ChannelKind.SLACK: lazy_gettext("A message is posted in a room of Slack."),
}
EXISTING = {
    Existing.REPLACE: lazy_gettext("It is replaced"),
    Existing.NUMBER: lazy_gettext("The new file gets a number"),
    Existing.REFUSE: lazy_gettext("It stays, and the delivery fails"),
}
LOGINS = {
    SshLogin.PASSWORD: lazy_gettext("By password"),
    SshLogin.KEY: lazy_gettext("By private key"),
}
SECURITY = {
    Security.STARTTLS: lazy_gettext("STARTTLS (usually port 587)"),
    Security.TLS: lazy_gettext("TLS from the beginning (usually port 465)"),
    Security.NONE: lazy_gettext("None: everybody on the way can read it"),
}
LINKS = {
    Link.RUN: lazy_gettext("To the page of the run, for people who may log in"),
    Link.FILES: lazy_gettext("To the files, for whoever reads the message"),
}


def place(channel: Channel) -> str:
    """Say where a channel leads, as far as that is no secret."""
    kept = channel.settings
    match channel.kind:
        case ChannelKind.FOLDER:
            return str(kept.get("folder", "–"))
        case ChannelKind.SFTP:
            return f"{kept.get('user')}@{kept.get('host')}:{kept.get('folder')}"
        case ChannelKind.EMAIL:
            return f"{kept.get('from_address')} · {kept.get('host')}"
        case _:
            return str(kept.get("host") or "–")
