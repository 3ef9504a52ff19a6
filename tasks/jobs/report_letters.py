"""The letters of a report: one a recipient, with its words filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.context import JobContext, Letter, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.reports.figures import Figures
from tasks.reports.letter import Filling, filling, one_line, several_lines
from tasks.reports.mail.addressing import addressed, target_of
from tasks.reports.mail.content import More, key_figures
from tasks.reports.mail.page import page
from tasks.reports.mail.trial import for_trial
from tasks.reports.mail.words import Words
from tasks.reports.render.layout import Language
from tasks.reports.settings import ReportSettings
from tasks.settings import settings as installation

DIFFERENCE = "difference"
"""The word of a text that says where the difference stands."""
PART = "part"
"""The word of a subject that says whose rows come with it."""


def letters_of(
    context: JobContext,
    settings: ReportSettings,
    asked: Asked,
    files: Sequence[ReportFile],
    rows: int,
    *,
    figures: Figures | None = None,
    part: str = "",
    more: More | None = None,
) -> list[Letter]:
    """Return the letters that go to the recipients of the task, or of the part that is named.

    `figures` are those of the rows in these files, and `more` tells nothing of other rows. Raises
    JobError where a word of the task does not fit the result. A trial has a letter without any
    recipient, too.
    """
    more = more or More()
    words = Words(
        title=context.title,
        meant_for=context.scheduled_for,
        figures=figures or Figures(rows),
        rows=rows,
        files=", ".join(file.path.name for file in files),
        parameters="\n".join(f"{title}: {value}" for title, value in asked.told),
        part=part,
        link=link_to(context.run_id),
        difference=more.difference,
        before=more.before,
    )
    writing = Writing.by(settings, asked, words, more)
    everybody = _everybody(settings, part)
    if not everybody and context.only_to and settings.burst is None:
        everybody = [("", target_of(settings.mail, language=settings.language))]
    return [writing.letter(recipient, target) for recipient, target in everybody]


def sent_by(
    context: JobContext, settings: ReportSettings, letters: Sequence[Letter]
) -> tuple[Letter, ...]:
    """Return the letters as this run sends them: those of a trial go to one address alone."""
    if context.only_to is None:
        return tuple(letters)
    return tuple(for_trial(letters, context.only_to, Language(settings.language)))


def link_to(run_id: int | None) -> str:
    """Return the address of the run's page; empty outside of a run."""
    return "" if run_id is None else f"{installation().web_url.rstrip('/')}/runs/{run_id}"


@dataclass(frozen=True, slots=True)
class Writing:
    """The words and templates of one file's letters; only the recipient differs."""

    settings: ReportSettings
    asked: Asked
    words: Words
    more: More
    subject: Filling
    text: Filling

    @classmethod
    def by(cls, settings: ReportSettings, asked: Asked, words: Words, more: More) -> "Writing":
        language = Language(settings.language)
        subject, text = (
            filling(getattr(settings, field), language=language, field=field)
            for field in ("subject", "text")
        )
        return cls(settings, asked, words, more, subject, text)

    def letter(self, recipient: str, target: Mapping[str, Any]) -> Letter:
        """Return what this recipient gets."""
        words = replace(self.words, recipient=recipient)
        try:
            subject, text = one_line(self._subject(words)), self._text(words)
        except Invalid as problem:
            raise JobError(
                problem.template, kind=ErrorKind.SQL, transient=False, **problem.values
            ) from problem
        return Letter(
            recipient,
            subject,
            _paragraphs(text, *self.more.notices),
            html=self._page(text) if self._is_formatted else "",
            part=words.part,
            channel_slug=self.settings.mail.account,
            target=target,
        )

    def _subject(self, words: Words) -> str:
        """The subject of the task; who gets two parts must be able to tell one from the other."""
        subject = self.subject(words)
        is_told = not words.part or _names(self.settings.subject, PART)
        return subject if is_told else f"{subject} – {words.part}"

    def _text(self, words: Words) -> str:
        """The words of the task, and below them the difference where it has no place of its own."""
        wanted = self.settings.difference
        below = wanted is not None and wanted.in_mail and not _names(self.settings.text, DIFFERENCE)
        text = self.text(words)
        return several_lines(_paragraphs(text, words.difference) if below else text)

    @property
    def _is_formatted(self) -> bool:
        return self.settings.mail.html or bool(self.more.pictures)

    def _page(self, text: str) -> str:
        mail, words = self.settings.mail, self.words
        language = Language(self.settings.language)
        return page(
            self.asked.layout,
            text,
            rows=words.rows,
            key_figures=key_figures(mail.figures, words.figures, self.more.before, language),
            sample=self.more.sample,
            pictures=self.more.pictures,
            notices=self.more.notices,
        )


def _names(text: str, word: str) -> bool:
    """Whether the word stands between double braces."""
    return re.search(rf"\{{[{{%](?:(?![%}}]\}}).)*\b{word}\b", text, re.DOTALL) is not None


def _paragraphs(text: str, *more: str) -> str:
    return "\n\n".join([text.rstrip(), *filter(None, more)]) if any(more) else text


def _everybody(settings: ReportSettings, part: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Who gets it, each with the target of the delivery; a part has no copies."""
    if part:
        target = target_of(settings.mail, language=settings.language)
        return [(recipient, target) for recipient in settings.recipients]
    everybody = addressed(settings.mail, settings.recipients, language=settings.language)
    return [(one.recipient, one.target) for one in everybody]
