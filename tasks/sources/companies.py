"""The company databases of a source: the schemas that a report may name by `{schema}`."""

import re
from collections.abc import Mapping
from typing import Any

from tasks.errors import ErrorKind, JobError
from tasks.models import Source

COMPANY = re.compile(r'[^",\x00-\x1f\x7f]{1,127}')
"""What can be the name of a company: commas stand between several."""


def companies_of(source: Source) -> list[str]:
    """Return the schemas that may be chosen: those on its list, or else its own alone."""
    own = own_schema(source)
    return list(source.companies) or ([own] if own else [])


def own_schema(source: Source) -> str | None:
    """Return the schema that is read where no company is chosen."""
    return source.settings.get("schema") or None


def settings_in(source: Source, company: str) -> Mapping[str, Any]:
    """Return the settings by which the source is read in this company; raises JobError.

    Without a company it is read in its own schema. A name that is not on the list never gets into
    a query, whoever gave it.
    """
    if not company:
        return source.settings
    if company not in (allowed := companies_of(source)):
        raise JobError(
            "The company “{company}” is not allowed for the source “{source}”. Allowed: {allowed}. "
            "Choose one of these, or let an administrator add it on the page of the source.",
            kind=ErrorKind.PARAMETER,
            company=company,
            source=source.title,
            allowed=", ".join(allowed) or "–",
        )
    return {**source.settings, "schema": company}
