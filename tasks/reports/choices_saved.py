"""What must hold of a query of choices when its task is saved."""

from collections.abc import Collection, Sequence

from tasks.errors import Invalid
from tasks.models import SourceKind
from tasks.reports.checked import check_at_save
from tasks.reports.parameters import OF_SQL, ParameterDefinition


def check_choices(
    definitions: Sequence[ParameterDefinition], *, kind: SourceKind | None, known: Collection[str]
) -> None:
    """Raise Invalid for a query that does more than read, and where there is no source to ask.

    `kind` is that of the report's source, None for another job; `known` queries stood there before
    and are not judged anew.
    """
    for one in definitions:
        if one.type not in OF_SQL:
            continue
        field = f"parameters.{one.name}"
        if kind is None:
            raise Invalid(
                "{title}: only a report has a source to choose from. Give it another type.",
                field=f"{field}.type",
                title=one.title,
            )
        if one.sql not in known:
            check_at_save(one.sql, kind=kind, field=f"{field}.sql")
