"""The letters of a trial: what others would get, sent to the one who tries the task out."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.jobs.context import Letter
from tasks.kinds import ChannelKind
from tasks.reports.letter import one_line
from tasks.reports.mail.page import line_on_top
from tasks.reports.render.layout import Language
from tasks.retold import retold

MOST_PARTS = 5
"""Parts that a trial sends; somebody with 500 recipients wants to see a few."""
SHOWN = 20

MARK = {Language.ENGLISH: "[Trial]", Language.TURKISH: "[Deneme]"}
WOULD_GO = {
    Language.ENGLISH: "This is a trial. It would have gone to: {recipients}.",
    Language.TURKISH: "Bu bir denemedir. Şu kişilere giderdi: {recipients}.",
}
TO_NOBODY = {
    Language.ENGLISH: "This is a trial. It would have gone to nobody: no recipient is named.",
    Language.TURKISH: "Bu bir denemedir. Alıcı belirtilmediğinden kimseye gitmezdi.",
}
NOT_SENT = {
    Language.ENGLISH: "It would not have been sent: {reason}",
    Language.TURKISH: "Gönderilmezdi: {reason}",
}
MORE_PARTS = {
    Language.ENGLISH: "There are {count} more parts, which a trial leaves out.",
    Language.TURKISH: "{count} bölüm daha var; deneme onları göndermez.",
}
AND_MORE = {
    Language.ENGLISH: "{names} and {count} more",
    Language.TURKISH: "{names} ve {count} kişi daha",
}
KEPT = ("language", "reply_to", "attach")
"""What the delivery of a trial keeps of the `target` of the one that it stands for."""


def for_trial(letters: Sequence[Letter], only_to: str, language: Language) -> list[Letter]:
    """Return the mails of a trial: one for each part, with who would have got it on top.

    Nothing goes to another address or over another channel, whatever the letters say.
    """
    mails = [one for one in letters if one.channel is ChannelKind.EMAIL and _is_mail(one)]
    parts = list(dict.fromkeys(one.part for one in mails))
    several = [
        _letter([one for one in mails if one.part == part], only_to, language)
        for part in parts[:MOST_PARTS]
    ]
    left_out = len(parts) - MOST_PARTS
    if left_out > 0:
        several[0] = told_on_top(several[0], [MORE_PARTS[language].format(count=left_out)])
    return several


def told_on_top(letter: Letter, lines: Sequence[str]) -> Letter:
    """The letter with these lines above everything else."""
    return replace(
        letter,
        body="\n".join([*lines, "", letter.body]),
        html=line_on_top(letter.html, lines) if letter.html else "",
    )


def _is_mail(letter: Letter) -> bool:
    """Whether there is something to read: what only says why nobody was written to is no mail."""
    is_addressed = bool(letter.recipient) or not letter.suppressed
    return is_addressed and bool(letter.subject or letter.body)


def _letter(same: Sequence[Letter], only_to: str, language: Language) -> Letter:
    """One mail for all letters of one part."""
    recipients = [one.recipient for one in same if one.recipient]
    reasons = dict.fromkeys(one.suppressed for one in same if one.suppressed)
    lines = [
        WOULD_GO[language].format(recipients=_named(recipients, language))
        if recipients
        else TO_NOBODY[language],
        *(NOT_SENT[language].format(reason=retold(reason, language)) for reason in reasons),
    ]
    first = same[0]
    letter = replace(
        first,
        recipient=only_to,
        subject=one_line(f"{MARK[language]} {first.subject}"),
        target={name: first.target[name] for name in KEPT if name in first.target},
        suppressed="",
    )
    return told_on_top(letter, lines)


def _named(recipients: Sequence[str], language: Language) -> str:
    names, more = ", ".join(recipients[:SHOWN]), len(recipients) - SHOWN
    return names if more <= 0 else AND_MORE[language].format(names=names, count=more)
