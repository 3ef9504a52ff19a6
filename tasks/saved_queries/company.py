"""What the source itself tells of the tables that its saved queries read."""

from tasks.models import Source
from tasks.saved_queries.columns import types_of
from tasks.saved_queries.converting import Company
from tasks.sources.catalogue import names_of


def company_of(row: Source) -> Company:
    """Return the tables of the source; raises JobError. Not to be called in a transaction."""
    names = names_of(row.slug)
    return Company(types_of(names), names.for_the_guard(), names.schema)
