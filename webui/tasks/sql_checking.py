"""The guard's verdict on the text in the editor, and whether its source has what it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from flask_babel import gettext

from tasks.errors import Conflict, JobError, OrchestratorError
from tasks.models import SourceKind
from tasks.reports.checked import verdict_on
from tasks.reports.guard import Problem, check
from tasks.reports.parameters import ParameterDefinition
from tasks.sources.by_name import row_of
from tasks.sources.catalogue import names_of
from webui.i18n import say
from webui.places import place_at_a_source
from webui.retelling import values_told


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in the language of the request, and where; line 0 is nowhere."""

    sentence: str
    line: int = 0
    column: int = 0

    @classmethod
    def of(cls, error: OrchestratorError) -> Self:
        """The fault that an error tells, at the place that it names."""
        line, column = error.values.get("line"), error.values.get("column")
        if isinstance(line, int) and isinstance(column, int):
            return cls(say(error), line, column)
        return cls(say(error))

    @classmethod
    def at(cls, problem: Problem) -> Self:
        """The fault that the guard found."""
        line, column = problem.line, problem.column
        why = gettext(problem.template).format(**values_told(problem.values))
        place = gettext("Line {line}, column {column}: {why}")
        return cls(place.format(line=line, column=column, why=why), line, column)


def checked(
    source: str, sql: str, definitions: Sequence[ParameterDefinition]
) -> tuple[list[Fault], str]:
    """Return what is wrong, and why nobody looked for the tables, empty where somebody did.

    The source is asked for its tables only where the text is right by itself.
    """
    kind = row_of(source).kind if source else None
    names = [name for one in definitions for name in one.names]
    verdict = verdict_on(sql, kind=kind or SourceKind.HANA, parameters=names)
    if not verdict.ok:
        return [Fault.at(one) for one in verdict.problems], ""
    if kind is None:
        return [], gettext("No source is chosen.")
    if kind is SourceKind.SQL:
        return [], gettext("Such a source tells when it is asked: try the preview.")
    return _looked_up(source, sql)


def _looked_up(source: str, sql: str) -> tuple[list[Fault], str]:
    try:
        names = names_of(source, place=place_at_a_source)
    except (Conflict, JobError) as error:
        return [], say(error)
    catalogue = names.for_the_guard()
    if catalogue is None:
        return [], gettext("The source has more columns than can be looked up here.")
    verdict = check(sql, catalogue=catalogue, schema=names.schema)
    return [Fault.at(one) for one in verdict.problems], ""
