"""What a run of a report asks for: its source, its values, and how its files look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.clock import utcnow
from tasks.jobs.context import JobContext
from tasks.jobs.from_source import source_row
from tasks.jobs.report_template import template_of
from tasks.jobs.values import values_of
from tasks.models import Source
from tasks.reports.about import MADE_AT, MEANT_FOR, Pair, about, values_told
from tasks.reports.checked import check_at_run
from tasks.reports.companies import Reading, offering, readings
from tasks.reports.company_named import check_companies_named
from tasks.reports.looks.business_one import of_company, read_formats
from tasks.reports.looks.resolving import table_looks
from tasks.reports.looks.settings import Shown
from tasks.reports.parameters import definitions_of
from tasks.reports.render import Format, Layout
from tasks.reports.settings import ReportSettings
from tasks.sources.by_name import source_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading a company; `told` are the parameters with their values, for people."""

    source: Source
    readings: Sequence[Reading]
    told: Sequence[Pair]
    layout: Layout


def asked_by(
    context: JobContext, settings: ReportSettings, *, looks_at_first: bool = False
) -> Asked:
    """Return what this attempt asks; raises JobError where the SQL or a value may not be asked.

    Who shows rows of the first company alone need not ask the others how they show theirs.
    """
    row = source_row(context, settings.source)
    definitions = offering(definitions_of(context.parameter_definitions), row)
    values = values_of(context, definitions)
    for sql in (settings.sql, *(sheet.sql for sheet in settings.sheets)):
        check_at_run(sql, kind=row.kind)
        check_companies_named(sql, definitions, row)
    told = values_told(definitions, values, settings.language)
    read = readings(definitions, values, row)
    shown = read[:1] if looks_at_first else read
    formats = _formats_of_companies(context, settings, row, shown)
    layout = _layout(context, settings, source=row.title, values=told, formats=formats)
    return Asked(row, read, told, layout)


def _formats_of_companies(
    context: JobContext, settings: ReportSettings, row: Source, read: Sequence[Reading]
) -> dict[str, dict[Shown, str]]:
    """Ask the source, once a run, how each company that is read shows its numbers."""
    wanted = of_company(column.shown for column in settings.looks.columns)
    formats: dict[str, dict[Shown, str]] = {}
    for one in read if wanted else ():
        context.check()
        source = source_of(row, reader=context.slug, company=one.company)
        with one.telling(), context.interrupting(source.cancel):
            formats[one.company] = read_formats(source, wanted)
    return formats


def _layout(
    context: JobContext,
    settings: ReportSettings,
    *,
    source: str,
    values: Sequence[Pair],
    formats: Mapping[str, Mapping[Shown, str]],
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
        looks=table_looks(
            settings.looks, settings.language, head=head, values=values, business_one=formats
        ),
        meant_for=": ".join(head[MEANT_FOR]),
        made_at=": ".join(head[MADE_AT]),
        pdf_max_rows=settings.pdf_max_rows,
        whole_in=tuple(one for one in settings.formats if one is not Format.PDF),
        gzip=settings.gzip,
        template=template_of(context, settings, values),
    )
