"""What was chosen from a query's choices: looked up at the source when the run begins.

Not when it is promised: a source that is away must not keep anybody from asking for a run. What is
found is bound as the source has it, since a number is not found by its digits in every database.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from tasks.errors import ErrorKind, Invalid, JobError, mark
from tasks.models import SourceKind
from tasks.reports.checked import check_at_run
from tasks.reports.choices import text_of
from tasks.reports.parameters import OF_SQL, ParameterDefinition, Value
from tasks.reports.parameters.definition import LONGEST_QUOTE
from tasks.reports.parameters.types import Single
from tasks.sources.base import Source

MOST_AT_ONCE = 5_000
"""Choices that “all of them” may be."""

UNKNOWN = mark("{title}: “{given}” is not among the choices that the source has now.")
TOO_MANY = mark(
    "{title}: there are more than {most} choices, so not all of them can be meant. Choose some."
)
UNREADABLE = mark("{title}: its choices cannot be read. {why}")


def needs_source(definitions: Sequence[ParameterDefinition], values: Mapping[str, Value]) -> bool:
    """Whether a value has to be looked up."""
    return any(map(_is_wanted, definitions, (values[one.name] for one in definitions)))


def chosen_values(
    source: Source,
    kind: SourceKind,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, Value],
) -> dict[str, Value]:
    """Return the values with the chosen ones as the source has them; none of several is all.

    Raises Invalid for one that is not among the choices, JobError for a query that fails.
    """
    found = dict(values)
    for one in definitions:
        if _is_wanted(one, values[one.name]):
            with _telling(one):
                check_at_run(one.sql, kind=kind)
                found[one.name] = _looked_up(source, one, values[one.name])
    return found


def _is_wanted(one: ParameterDefinition, value: Value) -> bool:
    return one.type in OF_SQL and value is not None


def _looked_up(source: Source, one: ParameterDefinition, value: Value) -> Value:
    if not isinstance(value, tuple):
        return _found(source, one, (str(value),))[0]
    return _found(source, one, tuple(map(str, value))) if value else _all(source, one)


def _found(source: Source, one: ParameterDefinition, wanted: Sequence[str]) -> tuple[Single, ...]:
    missing, found = set(wanted), dict[str, Single]()
    for text, value in _values(source, one):
        if text in missing:
            found[text] = value
            missing.discard(text)
            if not missing:
                return tuple(found[text] for text in wanted)
    given = next(text for text in wanted if text in missing)
    field = f"parameters.{one.name}"
    raise Invalid(UNKNOWN, field=field, title=one.title, given=given[:LONGEST_QUOTE])


def _all(source: Source, one: ParameterDefinition) -> tuple[Single, ...]:
    found: dict[str, Single] = {}
    for text, value in _values(source, one):
        found.setdefault(text, value)
        if len(found) > MOST_AT_ONCE:
            field = f"parameters.{one.name}"
            raise Invalid(TOO_MANY, field=field, title=one.title, most=MOST_AT_ONCE)
    return tuple(found.values())


def _values(source: Source, one: ParameterDefinition) -> Iterator[tuple[str, Single]]:
    """Yield the first column, as it is typed and as the source has it; NULL is no choice."""
    with source.query(one.sql, ()) as result:
        for batch in result.batches():
            for row in batch:
                if text := text_of(row[0]):
                    yield text, cast(Single, row[0])


@contextmanager
def _telling(one: ParameterDefinition) -> Iterator[None]:
    """Let an error of SQL say that it is not that of the report."""
    try:
        yield
    except JobError as error:
        if error.kind is not ErrorKind.SQL:
            raise
        raise JobError(
            UNREADABLE, kind=ErrorKind.SQL, title=one.title, why=error.message
        ) from error
