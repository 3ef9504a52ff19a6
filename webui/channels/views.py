"""The list of channels, and one with the tasks that use it."""

from flask import render_template

from tasks.channels.editing import tasks_of
from tasks.kinds import ChannelKind
from tasks.models import Channel
from tasks.queries.channels import channel_named, channels
from tasks.settings import settings
from webui.channels import blueprint, words
from webui.database import db
from webui.permissions import Permission, requires


@blueprint.get("")
@requires(Permission.ADMIN)
def index() -> str:
    """All channels by title."""
    return render_template("channels/index.html", channels=channels(db.session()), words=words)


@blueprint.get("/<slug>")
@requires(Permission.ADMIN)
def show(slug: str) -> str:
    """One channel: where it leads, its test, and the tasks that use it."""
    return page_of(slug)


def page_of(slug: str, trial: object = None) -> str:
    """Render the page of a channel, with what a test that was just made said."""
    session = db.session()
    channel = channel_named(session, slug)
    return render_template(
        "channels/show.html",
        channel=channel,
        key=confirmed_key(channel),
        tasks=tasks_of(session, slug),
        trial=trial,
        words=words,
        roots=settings().all_folder_roots,
    )


def confirmed_key(channel: Channel) -> str:
    """Return the fingerprint of the server's key that was confirmed; empty for none."""
    kept = channel.settings.get("host_key") if channel.kind is ChannelKind.SFTP else ""
    if not kept:
        return ""
    from tasks.channels.sftp_line import fingerprint  # paramiko weighs 10 MB

    return fingerprint(kept)
