"""What a run of a report asks for: its source, its values, and how its files look."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.clock import utcnow
from tasks.jobs.context import JobContext
from tasks.jobs.from_source import source_row
from tasks.jobs.values import values_of
from tasks.models import Source
from tasks.reports.about import MADE_AT, MEANT_FOR, Pair, about, values_told
from tasks.reports.checked import check_at_run
from tasks.reports.companies import Reading, offering, readings
from tasks.reports.company_named import check_companies_named
from tasks.reports.parameters import definitions_of
from tasks.reports.render import Format, Layout
from tasks.reports.settings import ReportSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading a company; `told` are the parameters with their values, for people."""

    source: Source
    readings: Sequence[Reading]
    told: Sequence[Pair]
    layout: Layout


def asked_by(context: JobContext, settings: ReportSettings) -> Asked:
    """Return what this attempt asks; raises JobError where the SQL or a value may not be asked."""
    row = source_row(context, settings.source)
    definitions = offering(definitions_of(context.parameter_definitions), row)
    values = values_of(context, definitions)
    for sql in (settings.sql, *(sheet.sql for sheet in settings.sheets)):
        check_at_run(sql, kind=row.kind)
        check_companies_named(sql, definitions, row)
    told = values_told(definitions, values, settings.language)
    layout = _layout(context, settings, source=row.title, values=told)
    return Asked(row, readings(definitions, values, row), told, layout)


def _layout(
    context: JobContext, settings: ReportSettings, *, source: str, values: Sequence[Pair]
) -> Layout:
    zone = context.scheduled_for.tzinfo
    head = about(
        settings.language,
        title=context.title,
        meant_for=context.scheduled_for,
        made_at=utcnow().astimezone(zone),
        source=source,
    )
    return Layout(
        title=context.title,
        language=settings.language,
        totals=None if settings.totals is None else tuple(settings.totals),
        timezone=zone,
        about=(*head, *values),
        meant_for=": ".join(head[MEANT_FOR]),
        made_at=": ".join(head[MADE_AT]),
        pdf_max_rows=settings.pdf_max_rows,
        whole_in=tuple(one for one in settings.formats if one is not Format.PDF),
        gzip=settings.gzip,
    )
