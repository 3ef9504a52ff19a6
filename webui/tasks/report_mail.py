"""The form's part about the mail of a report: who gets copies, over which account, which files."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from tasks.kinds import ChannelKind
from tasks.models import Channel
from tasks.reports.mail.settings import Attach
from webui.database import db
from webui.forms import Form, typed

TEXTS = ("mail-cc", "mail-bcc", "mail-reply_to", "mail-account")
ATTACH, STOP, ACCOUNTS = "mail-attach", "mail-stop_link", "mail-accounts"

ATTACHED = {
    Attach.FILES.value: lazy_gettext("In the mail; as a link where they are too large"),
    Attach.LINK.value: lazy_gettext("As a link that works for some days"),
    Attach.NONE.value: lazy_gettext("Not at all"),
}


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return dict.fromkeys(TEXTS, "") | {
        ATTACH: Attach.FILES.value,
        STOP: "",
        ACCOUNTS: _accounts(""),
    }


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    mail = kept.get("mail") or {}
    account = mail.get("account", "")
    return {
        "mail-cc": "\n".join(mail.get("cc", [])),
        "mail-bcc": "\n".join(mail.get("bcc", [])),
        "mail-reply_to": mail.get("reply_to", ""),
        "mail-account": account,
        ATTACH: mail.get("attach", Attach.FILES.value),
        STOP: "on" if mail.get("stop_link") else "",
        ACCOUNTS: _accounts(account),
    }


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    values = {name: typed(name) for name in (*TEXTS, ATTACH, STOP)}
    return values | {ACCOUNTS: _accounts(values["mail-account"])}


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them."""
    return {
        "mail": {
            "cc": form.lines("mail-cc"),
            "bcc": form.lines("mail-bcc"),
            "reply_to": form.text("mail-reply_to"),
            "account": form.text("mail-account"),
            "attach": form.text(ATTACH) or Attach.FILES.value,
            "stop_link": bool(form.values[STOP]),
        }
    }


def words(mail: Mapping[str, Any]) -> Sequence[str]:
    """Say a kept setting line by line, for who compares versions."""
    named = (
        (gettext("Copies to (CC)"), ", ".join(mail.get("cc", []))),
        (gettext("Hidden copies to (BCC)"), ", ".join(mail.get("bcc", []))),
        (gettext("Answers go to"), mail.get("reply_to", "")),
        (gettext("Mail account"), mail.get("account", "")),
        (gettext("The files come"), ATTACHED[mail.get("attach", Attach.FILES.value)]),
        (gettext("Sums in large letters"), ", ".join(mail.get("figures", []))),
        (gettext("First rows in the mail"), mail.get("rows") or ""),
    )
    lines = [f"{name}: {said}" for name, said in named if said]
    if mail.get("html"):
        lines.append(gettext("The mail has a formatted form, too"))
    if mail.get("stop_link"):
        lines.append(gettext("End the mail with how to stop it"))
    return lines


def _accounts(chosen: str) -> Sequence[tuple[str, str]]:
    """Return the accounts that may be chosen: those that are on, and the one that is."""
    rows = db.session.execute(
        select(Channel.slug, Channel.title)
        .where(Channel.kind == ChannelKind.EMAIL, Channel.is_active | (Channel.slug == chosen))
        .order_by(Channel.title)
    )
    found = [(str(row[0]), str(row[1])) for row in rows]
    if chosen and chosen not in dict(found):
        found.append((chosen, str(gettext("%(account)s (no longer there)", account=chosen))))
    return [("", str(gettext("The installation's own mail server"))), *found]
