"""To whom a report's mail goes, each in a mail of its own, and what stands in its headers.

Whoever gets a copy has a delivery like any other: with an end of its own, and exactly one mail.
The headers only say what they would say in one mail to all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.addresses import each_once
from tasks.reports.mail.settings import Attach, MailSettings


@dataclass(frozen=True, slots=True)
class Addressed:
    """One who gets it, and the `target` of the delivery."""

    recipient: str
    target: Mapping[str, Any]


def addressed(mail: MailSettings, recipients: Sequence[str], *, language: str) -> list[Addressed]:
    """Return everybody who gets the whole report, each once: recipients, then the copies."""
    common = target_of(mail, language=language) | ({"cc": list(mail.cc)} if mail.cc else {})
    own = each_once(recipients)
    copies = each_once([*own, *mail.cc, *mail.bcc])[len(own) :]
    to = {"to": own} if own else {}
    return [
        *(Addressed(one, common) for one in own),
        *(Addressed(one, common | to) for one in copies),
    ]


def target_of(mail: MailSettings, *, language: str) -> dict[str, Any]:
    """Return what the mail to one recipient alone needs, such as that of a part or of a trial."""
    target: dict[str, Any] = {"language": language}
    if mail.reply_to:
        target["reply_to"] = mail.reply_to
    if mail.attach is not Attach.FILES:
        target["attach"] = mail.attach.value
    if mail.stop_link:
        target["stop_link"] = True
    return target
