"""One more result of a report, on a sheet of its own."""

from pydantic import BaseModel, ConfigDict, Field

from tasks.reports.render.section import Section


class SheetSettings(BaseModel):
    """A query of the same source, with the same parameters, and the title of its sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=80)
    sql: str = Field(min_length=1, max_length=100_000)


def section_of(title: str, company: str = "", *, further: bool = False) -> Section:
    """Return the section of a query's rows; read in several companies, each has its own."""
    return Section(f"{title} {company}".rstrip(), kind="", further=further, company=company)
