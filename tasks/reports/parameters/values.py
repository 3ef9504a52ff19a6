"""From what was given, to what a run keeps, to what its source is given."""

from collections.abc import Mapping, Sequence
from datetime import date

from tasks.errors import Invalid
from tasks.reports.meant import Meant
from tasks.reports.parameters import dated
from tasks.reports.parameters.bounds import DAYS, NUMBERS
from tasks.reports.parameters.definition import LONGEST_QUOTE, ParameterDefinition
from tasks.reports.parameters.plain import chosen
from tasks.reports.parameters.sentences import MISSING, NOT_PLAIN
from tasks.reports.parameters.types import (
    SEVERAL,
    DateSpan,
    InstantSpan,
    Kept,
    ParameterType,
    Value,
)
from tasks.reports.relative_dates import minds_periods as word_minds_periods
from tasks.reports.relative_dates import minds_working_days


def definitions_of(kept: Sequence[Mapping[str, object]]) -> list[ParameterDefinition]:
    """Return the parameter definitions that a task's row keeps."""
    return [ParameterDefinition.model_validate(one) for one in kept]


def accept(
    definitions: Sequence[ParameterDefinition], given: Mapping[str, object]
) -> dict[str, object]:
    """Check what was given against the definitions and return it as it is kept in the run's row.

    An empty value counts as the default; raises Invalid with the field's name.
    """
    known = {definition.name for definition in definitions}
    for name in given:
        if name not in known:
            raise Invalid(
                "There is no parameter “{name}”. Known: {known}.",
                field=f"parameters.{name}",
                name=name,
                known=", ".join(sorted(known)) or "–",
            )
    return {one.name: _kept(one, given.get(one.name)) for one in definitions}


def check_plain(definitions: Sequence[ParameterDefinition], given: Mapping[str, object]) -> None:
    """Raise Invalid for a number that a program or a command does not give in its kept form."""
    for one in definitions:
        value = given.get(one.name)
        if one.type in NUMBERS and isinstance(value, str) and "," in value:
            field = f"parameters.{one.name}"
            raise Invalid(NOT_PLAIN, field=field, title=one.title, given=value[:LONGEST_QUOTE])


def resolve(
    definitions: Sequence[ParameterDefinition],
    kept: Mapping[str, object],
    *,
    meant: Meant | date,
) -> dict[str, Value]:
    """Turn a run's kept parameters into values; relative dates count from what was meant."""
    at = meant if isinstance(meant, Meant) else Meant.of(meant)
    return {one.name: one.value(kept.get(one.name), at) for one in definitions}


def as_used(definition: ParameterDefinition, kept: object, meant: Meant) -> object:
    """Return what is kept with its words as the days that they meant, as it could be typed.

    All companies are those that there are now.
    """
    if kept is None and definition.type is ParameterType.COMPANIES:
        return definition.choices or None
    value = None if kept is None else definition.value(kept, meant)
    if isinstance(value, DateSpan | InstantSpan):
        month = definition.type is ParameterType.MONTH
        return dated.typed_span(value)[: len("2026-01")] if month else dated.typed_span(value)
    return value.isoformat() if isinstance(value, date) else kept


def minds_history(definitions: Sequence[ParameterDefinition], kept: Mapping[str, object]) -> bool:
    """Whether a value depends on the calendar of the schedule or on the runs before."""
    return any(_minds_history(one, str(kept.get(one.name))) for one in definitions)


def minds_periods(definitions: Sequence[ParameterDefinition], kept: Mapping[str, object]) -> bool:
    """Whether a value depends on the posting periods of the source."""
    words = [word for one in definitions for word in _date_words(one, str(kept.get(one.name)))]
    return any(map(word_minds_periods, words))


def typed(value: object) -> str:
    """Return a kept value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _minds_history(one: ParameterDefinition, kept: str) -> bool:
    if one.type is ParameterType.SINCE:
        return kept == dated.SINCE
    return any(map(minds_working_days, _date_words(one, kept)))


def _date_words(one: ParameterDefinition, kept: str) -> list[str]:
    """Return what may be a word for a date: in the value, and in its bounds."""
    if one.type not in DAYS:
        return []
    return [*kept.split(dated.BETWEEN), one.minimum, one.maximum]


def _kept(definition: ParameterDefinition, given: object) -> Kept | None:
    several = definition.type in SEVERAL
    text = "" if given is None else ", ".join(chosen(given)) if several else str(given).strip()
    if definition.type is ParameterType.SINCE:
        return definition.parse(text or dated.SINCE)
    text = text or definition.default
    if text:
        return definition.parse(text)
    if definition.required:
        raise Invalid(MISSING, field=f"parameters.{definition.name}", title=definition.title)
    return None
