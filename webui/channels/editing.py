"""Making a channel, changing it and deleting it."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.channels.editing import change_channel, create_channel, delete_channel
from tasks.channels.settings_secret import NAMES
from tasks.db import transaction
from tasks.errors import NotFound
from tasks.kinds import ChannelKind
from tasks.models import Channel
from tasks.queries.channels import channel_named
from tasks.settings import settings
from webui.channels import blueprint, words
from webui.channels.forms import ChannelForm
from webui.database import db
from webui.forms import is_deletion
from webui.permissions import Permission, requires

Answer = Response | tuple[str, int]
NAMELESS = "channel"


@blueprint.get("/new")
@requires(Permission.ADMIN)
def new() -> Answer:
    """An empty form of the kind that was chosen; without one, the kinds."""
    if "kind" not in request.args:
        return render_template("channels/choose.html", words=words), HTTPStatus.OK
    return _page(ChannelForm.empty(_kind(request.args["kind"])))


@blueprint.post("")
@requires(Permission.ADMIN)
def create() -> Answer:
    """Save a new channel; nobody has tried it yet."""
    form = ChannelForm.typed(_kind(request.form.get("kind", "")))
    with form.checking(conflict="slug"), transaction() as session:
        channel = create_channel(session, form.slug(NAMELESS), form.content())
    return _page(form) if form.errors else _saved(channel)


@blueprint.get("/<slug>/edit")
@requires(Permission.ADMIN)
def edit(slug: str) -> Answer:
    """The form of a channel as it is; its secrets are not in it."""
    channel = channel_named(db.session(), slug)
    return _page(ChannelForm.of(channel), channel)


@blueprint.post("/<slug>/edit")
@requires(Permission.ADMIN)
def change(slug: str) -> Answer:
    """Save a change; it counts for what is sent from now on."""
    channel = channel_named(db.session(), slug)
    form = ChannelForm.typed(channel.kind)
    with form.checking(), transaction() as session:
        _save(session, form, slug)
    form.compared_with(channel.version)
    return _page(form, channel) if form.errors else _saved(channel)


@blueprint.route("/<slug>", methods=["POST", "DELETE"])
@requires(Permission.ADMIN)
def delete(slug: str) -> Response:
    """Delete a channel that no task uses (DELETE, or a form with `_method`)."""
    if not is_deletion():
        return redirect(url_for("channels.show", slug=slug), 303)
    with transaction() as session:
        channel = channel_named(session, slug)
        delete_channel(session, channel)
    flash(gettext("The channel “%(title)s” is deleted.", title=channel.title), "success")
    return redirect(url_for("channels.index"), 303)


def _save(session: Session, form: ChannelForm, slug: str) -> None:
    channel = channel_named(session, slug)
    session.refresh(channel, with_for_update=True)  # of two who save at once, one sees the other
    change_channel(session, channel, form.content(), version=form.version or channel.version)


def _kind(text: str) -> ChannelKind:
    if text not in set(ChannelKind):
        raise NotFound("There is no kind of channel “{kind}”.", kind=text)
    return ChannelKind(text)


def _saved(channel: Channel) -> Response:
    flash(gettext("The channel is saved. Test it to see whether it works."), "success")
    return redirect(url_for("channels.show", slug=channel.slug), 303)


def _page(form: ChannelForm, channel: Channel | None = None) -> Answer:
    page = render_template(
        "channels/form.html",
        form=form,
        channel=channel,
        words=words,
        has_secrets=bool(NAMES[form.kind]),
        roots=settings().all_folder_roots,
    )
    return page, form.status
