"""What a source is, in the reader's words."""

from flask_babel import gettext, lazy_gettext

from tasks.errors import Invalid
from tasks.models import LoginState, Source, SourceKind
from tasks.sources.kinds import Place, place_of
from tasks.sources.sql_url import SQL_SERVER

KINDS = {
    SourceKind.HANA: lazy_gettext("SAP HANA"),
    SourceKind.SQL: lazy_gettext("PostgreSQL or SQL Server"),
    SourceKind.DUCKDB: lazy_gettext("DuckDB file"),
}
ABOUT = {
    SourceKind.HANA: lazy_gettext("The database of SAP Business One."),
    SourceKind.SQL: lazy_gettext("Another database, by its address."),
    SourceKind.DUCKDB: lazy_gettext("A file in the home folder, such as the demo company."),
}
LOGINS = {
    LoginState.UNTRIED: (lazy_gettext("Not tried yet"), "circle-question-mark", "queued"),
    LoginState.PROVEN: (lazy_gettext("Lets us in"), "circle-check", "succeeded"),
    LoginState.REFUSED: (lazy_gettext("Refused"), "triangle-alert", "warning"),
    LoginState.STOPPED: (lazy_gettext("Not asked any more"), "circle-x", "failed"),
}
"""Word, icon and look of what is known of a login."""


def product(source: Source) -> str:
    """Say which database a source is."""
    if source.kind is not SourceKind.SQL:
        return str(KINDS[source.kind])
    url = str(source.settings.get("url"))
    return "SQL Server" if url.startswith(SQL_SERVER) else "PostgreSQL"


def place(source: Source) -> Place:
    """Say where a source is; a row that nobody can read any more is nowhere."""
    try:
        return place_of(source)
    except Invalid:
        return Place("–")


def quiet_hours(source: Source) -> str:
    """Say from when to when no run begins to read the source, or that there is no such time."""
    if source.quiet_from is None or source.quiet_to is None:
        return str(gettext("none"))
    return f"{source.quiet_from:%H:%M} – {source.quiet_to:%H:%M}"
