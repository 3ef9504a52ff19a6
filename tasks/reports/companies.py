"""A report over companies: which may be chosen, and with which values each of them is read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import ErrorKind, Invalid, JobError, mark
from tasks.models import Source, TaskDefinition
from tasks.reports.parameters import ParameterDefinition, ParameterType, Value, definitions_of
from tasks.reports.parameters.types import OF_COMPANIES
from tasks.reports.render import Language, Section
from tasks.sources.companies import companies_of, own_schema

KINDS = {Language.ENGLISH: "Company", Language.TURKISH: "Şirket"}
"""What stands over the names of companies in a file."""

ROWS_READ = mark("rows read")
ROWS_READ_IN = mark("rows read; now in {company}")


@dataclass(frozen=True, slots=True)
class Reading:
    """One query of a report: the company that it reads, and the values that are bound.

    Without a company it reads the source's own schema. Only one of several is `named`: in the
    progress, in errors, and as a section of the file.
    """

    values: Mapping[str, Value]
    company: str = ""
    named: bool = False

    def section(self, language: Language) -> Section | None:
        """The section of the files that its rows belong to."""
        if not self.named:
            return None
        return Section(self.company, KINDS[language], company=self.company)

    @property
    def progress(self) -> str:
        """What a number of rows means while it is read."""
        return ROWS_READ_IN.format(company=self.company) if self.named else ROWS_READ

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let an error say in which of several companies it happened."""
        try:
            yield
        except JobError as error:
            if not self.named:
                raise
            raise JobError(
                "In the company {company}: {why}",
                kind=error.kind,
                transient=error.transient,
                company=self.company,
                why=error.message,
            ) from error


def company_parameter(definitions: Sequence[ParameterDefinition]) -> ParameterDefinition | None:
    """Return the parameter that says which companies are read; None where the source says it."""
    return next((one for one in definitions if one.type in OF_COMPANIES), None)


def offered(session: Session, task: TaskDefinition) -> list[ParameterDefinition]:
    """Return a task's parameters; those for companies offer what its source has now."""
    found = definitions_of(task.parameters)
    if company_parameter(found) is None:
        return found
    slug = str(task.settings.get("source", ""))
    with session.no_autoflush:  # what is being checked may not be whole yet
        source = session.scalars(select(Source).where(Source.slug == slug)).one_or_none()
    return found if source is None else offering(found, source)


def offering(
    definitions: Sequence[ParameterDefinition], source: Source
) -> list[ParameterDefinition]:
    """Return the parameters with the companies of the source as choices; an author may have fewer.

    So a name that is not on its list is refused like any other choice, and “all” means these. Where
    the source has none of those that the author allows, every name is refused.
    """
    return [_offering(one, source) if one.type in OF_COMPANIES else one for one in definitions]


def readings(
    definitions: Sequence[ParameterDefinition], values: Mapping[str, Value], source: Source
) -> list[Reading]:
    """Return what is read one after the other; raises JobError where “all” are none.

    In a query the parameter's own name is bound to the company that is read.
    """
    one = company_parameter(definitions)
    if one is None:
        return [Reading(values)]
    if one.type is ParameterType.COMPANY:
        company = str(values[one.name] or "")
        return [Reading({**values, one.name: company or own_schema(source)}, company)]
    companies = values[one.name]
    if not (isinstance(companies, tuple) and companies):
        raise JobError(
            "The source “{source}” has no companies that this report may read. Let an "
            "administrator add them on its page.",
            kind=ErrorKind.PARAMETER,
            source=source.title,
        )
    return [Reading({**values, one.name: each}, each, named=True) for each in map(str, companies)]


def first_company(definitions: Sequence[ParameterDefinition], values: Mapping[str, object]) -> str:
    """Return the company whose choices and posting periods count; empty for the source's own.

    Of several it is the first that is read; `values` are as they are kept or as they are bound.
    Raises Invalid where “all” are none, since the source's own is none of them.
    """
    one = company_parameter(definitions)
    if one is None:
        return ""
    if one.type is ParameterType.COMPANIES and one.companies == []:
        raise Invalid(
            "{title}: the source has no company that this report may read.",
            field=f"parameters.{one.name}",
            title=one.title,
        )
    given = values.get(one.name) or (one.choices if one.type is ParameterType.COMPANIES else "")
    several = given if isinstance(given, list | tuple) else [given]
    return str(several[0]) if several else ""


def _offering(one: ParameterDefinition, source: Source) -> ParameterDefinition:
    allowed = companies_of(source)
    choices = [each for each in allowed if not one.choices or each in one.choices]
    return one.offering(choices)
