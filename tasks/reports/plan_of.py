"""How a source would answer a query, in its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.reports.asking import question
from tasks.reports.binding import told_as_written
from tasks.reports.parameters import ParameterDefinition
from tasks.sources.base import Explaining


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as lines of text in letters of equal width."""

    lines: tuple[str, ...]


def plan_of(
    source: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
) -> Plan | None:
    """Ask the source of this name how it would answer; not to be called in a transaction.

    None where it cannot tell without writing: HANA puts its plans into a table that all share.
    Raises JobError with the sentence of the guard or of the source, Invalid for a value.
    """
    asked = question(source, sql, definitions, values, rows=1)
    if not isinstance(asked.source, Explaining):
        return None
    with told_as_written(sql, asked.values):
        return Plan(tuple(asked.source.explain(asked.sql, asked.bound)))
