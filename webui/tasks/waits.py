"""What the numbers of a retry mean: the waits between the attempts, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import ngettext
from pydantic import ValidationError

from tasks.definitions import TaskContent
from tasks.errors import Invalid
from tasks.lengths import split_length
from tasks.retrying import retry_preview
from webui.forms import Form
from webui.numbers import number_of

MOST_WAITS = 6
MOST_BACKOFF = 10
LENGTHS = ("retry_delay_seconds", "retry_max_delay_seconds")


@dataclass(frozen=True, slots=True)
class Waits:
    """The first few waits in words; `None` stands for numbers that cannot be taken yet."""

    words: Sequence[str] | None
    has_more: bool = False


def waits_of_form(form: Form) -> Waits:
    """Return the waits that the typed numbers would make."""
    try:
        numbers = {
            "max_attempts": form.whole("max_attempts"),
            "retry_backoff": backoff_of(form),
            **{name: form.take_length(name) for name in LENGTHS},
        }
        content = TaskContent.model_validate({"slug": "waits", "title": "-"} | numbers)
    except (Invalid, ValidationError):
        return Waits(None)
    return say_waits(
        retry_preview(
            max_attempts=content.max_attempts,
            retry_delay_seconds=content.retry_delay_seconds,
            retry_backoff=content.retry_backoff,
            retry_max_delay_seconds=content.retry_max_delay_seconds,
        )
    )


def backoff_of(form: Form) -> str:
    """Return how much each wait grows, as it is kept; raises Invalid."""
    return number_of(form.text("retry_backoff"), field="retry_backoff", most=MOST_BACKOFF)


def say_waits(waits: Sequence[timedelta]) -> Waits:
    """Say the first few of these waits."""
    words = [length_in_words(wait) for wait in waits[:MOST_WAITS]]
    return Waits(words, has_more=len(waits) > MOST_WAITS)


def length_in_words(length: timedelta) -> str:
    """Return a length that somebody chose, such as 15 minutes or 90 seconds."""
    count, unit = split_length(round(length.total_seconds()))
    words = {
        "seconds": ngettext("%(num)s second", "%(num)s seconds", count),
        "minutes": ngettext("%(num)s minute", "%(num)s minutes", count),
        "hours": ngettext("%(num)s hour", "%(num)s hours", count),
        "days": ngettext("%(num)s day", "%(num)s days", count),
    }
    return str(words[unit])
