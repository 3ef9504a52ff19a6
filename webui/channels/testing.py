"""The test of a channel by a person, and the key of a server that a person confirms."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.channels.editing import confirm_host_key
from tasks.channels.testing import Tested, try_channel
from tasks.db import transaction
from tasks.queries.channels import channel_named
from webui.channels import blueprint, words
from webui.channels.views import confirmed_key, page_of
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test ended: where it went, or the sentence of what is wrong, or a key to confirm."""

    found: Tested
    fault: str = ""


@blueprint.post("/<slug>/tests")
@requires(Permission.ADMIN)
def test(slug: str) -> str:
    """Send something small over the channel now, and tell what came of it."""
    channel = channel_named(db.session(), slug)
    db.session.close()  # nobody is spoken to while a transaction of ours is open
    found = try_channel(channel)
    trial = Trial(found, say(found.fault) if found.fault else "")
    if not wants_fragment():
        return page_of(slug, trial)
    channel = channel_named(db.session(), slug)
    key = confirmed_key(channel)
    return render_template(
        "channels/_test.html", channel=channel, trial=trial, key=key, words=words
    )


@blueprint.get("/<slug>/tests")
@requires(Permission.ADMIN)
def tests(slug: str) -> Response:
    """Whoever loads the page of a test again sees the channel; nothing is sent."""
    return redirect(url_for("channels.show", slug=slug), 303)


@blueprint.post("/<slug>/host-key")
@requires(Permission.ADMIN)
def host_key(slug: str) -> Response:
    """Keep the key of the server that a person has compared."""
    with transaction() as session:
        channel = channel_named(session, slug)
        confirm_host_key(session, channel, request.form.get("host_key", "").strip())
    flash(gettext("The key of the server is confirmed. Test the channel now."), "success")
    return redirect(url_for("channels.show", slug=slug), 303)
