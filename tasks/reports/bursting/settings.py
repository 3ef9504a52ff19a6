"""How a task splits its rows among recipients."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tasks.addresses import checked_addresses
from tasks.errors import Invalid
from tasks.reports.bursting.lines import MOST_LINES, checked_lines

LONGEST_NAME = 200
MOST_CATCHING = 20


class AddressFrom(StrEnum):
    """Where the address of a part is found."""

    COLUMN = "column"
    LINES = "lines"
    QUERY = "query"


class BurstSettings(BaseModel):
    """The column that says whose a row is, and where each part goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(min_length=1, max_length=LONGEST_NAME)
    address_from: AddressFrom = AddressFrom.COLUMN
    address_column: str = Field("", max_length=LONGEST_NAME)
    """A column of the same result; its cells may hold several addresses."""
    lines: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    """`key = address, address`, a key a line."""
    query: str = Field("", max_length=100_000)
    """SQL of the same source: its first column is the key, its second one holds addresses."""
    catch_all: list[str] = Field(default_factory=list, max_length=MOST_CATCHING)
    """Who gets the rows of keys without an address that can be written to."""
    with_whole: bool = True
    """Whether the recipients of the task get the files of all rows."""

    @field_validator("lines")
    @classmethod
    def _lines(cls, given: list[str]) -> list[str]:
        return checked_lines(given)

    @field_validator("catch_all")
    @classmethod
    def _addresses(cls, given: list[str]) -> list[str]:
        return checked_addresses(given, field="burst.catch_all")

    @model_validator(mode="after")
    def _has_what_it_names(self) -> "BurstSettings":
        if self.address_from is AddressFrom.COLUMN and not self.address_column:
            raise Invalid(
                "Name the column that holds the addresses, or choose another way to find them.",
                field="burst.address_column",
            )
        if self.address_from is AddressFrom.LINES and not self.lines:
            raise Invalid(
                "Write at least one line, such as: Marmara = ayse@example.com",
                field="burst.lines",
            )
        if self.address_from is AddressFrom.QUERY and not self.query.strip():
            raise Invalid(
                "Write the query that finds the addresses, or choose another way to find them.",
                field="burst.query",
            )
        return self
