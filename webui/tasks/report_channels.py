"""Where else the files of a report go: the channels in the form of its task."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext

from tasks.queries.channels import channels_beside_mail
from webui.database import db
from webui.forms import Form, typed

CHOSEN, OFFERED = "channels", "channels-offered"


@dataclass(frozen=True, slots=True)
class Offer:
    """A channel as the form offers it; one that is gone can only be taken away."""

    slug: str
    title: str
    kind: str = ""
    is_active: bool = False

    @property
    def takes_names(self) -> bool:
        """Whether the files have names of their own there."""
        return self.kind in ("folder", "sftp")


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return shown({})


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    uses = {one["channel"]: one for one in kept.get("channels") or ()}
    values: dict[str, Any] = {CHOSEN: list(uses), OFFERED: _offers(uses)}
    for offer in values[OFFERED]:
        use = uses.get(offer.slug, {})
        values[_name(offer.slug)] = use.get("name", "")
        values[_parts(offer.slug)] = bool(use.get("part_files"))
    return values


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    chosen = list(dict.fromkeys(request.form.getlist(CHOSEN)))
    values: dict[str, Any] = {CHOSEN: chosen, OFFERED: _offers(chosen)}
    for offer in values[OFFERED]:
        values[_name(offer.slug)] = typed(_name(offer.slug))
        values[_parts(offer.slug)] = _parts(offer.slug) in request.form
    return values


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them."""
    chosen = form.values.get(CHOSEN, ())
    return {
        "channels": [
            {
                "channel": slug,
                "name": form.text(_name(slug)),
                "part_files": bool(form.values.get(_parts(slug))),
            }
            for slug in chosen
        ]
    }


def words(given: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which channels a version uses, one a line."""
    return [" · ".join(_words(one)) for one in given]


def _words(use: Mapping[str, Any]) -> Iterator[str]:
    yield use["channel"]
    if use.get("name"):
        yield use["name"]
    if use.get("part_files"):
        yield gettext("the files of each part")


def _offers(chosen: Iterable[str]) -> list[Offer]:
    """Return the channels that are on, and those that are chosen already."""
    known = {one.slug: one for one in channels_beside_mail(db.session())}
    offers = [
        Offer(one.slug, one.title, one.kind.value, one.is_active)
        for one in known.values()
        if one.is_active or one.slug in chosen
    ]
    return [*offers, *(Offer(slug, slug) for slug in chosen if slug not in known)]


def _name(slug: str) -> str:
    return f"channels-{slug}-name"


def _parts(slug: str) -> str:
    return f"channels-{slug}-parts"
