"""What the author of a report decides: its query, its files and its recipients."""

import re
from email.errors import MessageError
from email.headerregistry import Address

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tasks.errors import Invalid
from tasks.reports.letter import DEFAULT_SUBJECT, DEFAULT_TEXT, check_template
from tasks.reports.render import Format, Language

_ADDRESS = re.compile(r"[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+")
MOST_RECIPIENTS = 100


def _is_address(text: str) -> bool:
    """Whether a letter can be addressed to it."""
    if len(text) > 320 or not text.isascii() or not _ADDRESS.fullmatch(text):
        return False
    try:
        Address(addr_spec=text)
    except (ValueError, AttributeError, MessageError):  # AttributeError: a fault of the parser
        return False
    return True


class ReportSettings(BaseModel):
    """The settings of the job `report`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1, max_length=80)
    sql: str = Field(min_length=1, max_length=100_000)
    formats: list[Format] = Field(default_factory=lambda: [Format.XLSX], min_length=1)
    language: Language = Language.ENGLISH
    recipients: list[str] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    subject: str = Field(DEFAULT_SUBJECT, max_length=300)
    text: str = Field(DEFAULT_TEXT, max_length=20_000)

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, given: list[str]) -> list[str]:
        for address in given:
            if not _is_address(address):
                raise Invalid(
                    "“{address}” is not a mail address. Write one address a line.",
                    field="recipients",
                    address=address,
                )
        return list(dict.fromkeys(given))

    @field_validator("subject", "text")
    @classmethod
    def _known_placeholders(cls, given: str, info: object) -> str:
        return check_template(given, field=getattr(info, "field_name", "text"))

    @field_validator("formats")
    @classmethod
    def _once_each(cls, given: list[Format]) -> list[Format]:
        return list(dict.fromkeys(given))
