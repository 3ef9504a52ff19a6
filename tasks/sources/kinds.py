"""What is kept of a source besides its password, by kind: where it is, and as whom it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.models import Source, SourceKind
from tasks.problems import problems_of
from tasks.sources.sql_url import SqlSettings

LOGIN = {
    SourceKind.HANA: ("address", "port", "instance", "database", "user"),
    SourceKind.SQL: ("url",),
    SourceKind.DUCKDB: (),
}
"""The settings that say who logs in, and where: after a change the password is asked for anew."""


class DuckDBSettings(BaseModel):
    """A DuckDB file of the home folder; nothing outside of it can be named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")
    schema_name: str = Field(alias="schema", min_length=1, max_length=127)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is, and as whom it is read; empty where its kind has no such thing."""

    address: str
    user: str = ""
    schema: str = ""
    database: str = ""


def settings_of(kind: SourceKind, values: Mapping[str, Any]) -> BaseModel:
    """Return the settings as the model of their kind; raises Invalid, with the field."""
    try:
        return _model(kind).model_validate(values)
    except ValidationError as error:
        first, *others = problems_of(error)
        first.also = others
        raise first from None


def kept(found: BaseModel) -> dict[str, Any]:
    """Return the settings as the row keeps them."""
    return found.model_dump(mode="json", by_alias=True)


def place_of(source: Source) -> Place:
    """Return where a source is; raises Invalid where its settings do not fit its kind."""
    found = settings_of(source.kind, source.settings)
    if isinstance(found, DuckDBSettings):
        return Place(found.file, schema=found.schema_name)
    if isinstance(found, SqlSettings):
        url = found.parts
        return Place(found.address, url.username or "", found.schema_name, url.database or "")
    from tasks.sources.hana import HanaSettings

    hana = HanaSettings.model_validate(source.settings)
    return Place(f"{hana.address}:{hana.tcp_port}", hana.user, hana.schema_name, hana.database)


def _model(kind: SourceKind) -> type[BaseModel]:
    """Load HANA's driver only where it is used: it weighs 6 MB."""
    if kind is SourceKind.HANA:
        from tasks.sources.hana import HanaSettings

        return HanaSettings
    return SqlSettings if kind is SourceKind.SQL else DuckDBSettings
