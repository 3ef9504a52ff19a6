"""What is set of a mail account."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tasks.addresses import is_address
from tasks.errors import Invalid

USUAL_MOST_MEGABYTES = 20


class Security(StrEnum):
    """How the line to a mail server is kept private."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class EmailSettings(BaseModel):
    """A mail server, who logs in there, and in whose name mails go; the password is kept apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:-]+$")
    port: int = Field(587, ge=1, le=65_535)
    security: Security = Security.STARTTLS
    user: str = Field("", max_length=320)
    from_address: str = Field(max_length=320)
    from_name: str = Field("", max_length=200)
    reply_to: str = Field("", max_length=320)
    per_minute: int | None = Field(None, ge=1, le=6_000)
    """How many mails may go within a minute over all workers; None for no limit."""
    max_megabytes: int = Field(USUAL_MOST_MEGABYTES, ge=1, le=150)
    """A mail that would be larger, as it goes over the line, brings a link to its files instead."""

    @field_validator("from_address")
    @classmethod
    def _from(cls, given: str) -> str:
        return _address(given, "from_address")

    @field_validator("reply_to")
    @classmethod
    def _reply_to(cls, given: str) -> str:
        return _address(given, "reply_to") if given else ""

    @field_validator("from_name", "user")
    @classmethod
    def _one_line(cls, given: str, info: object) -> str:
        if not given.isprintable():
            raise Invalid("Write it on one line.", field=getattr(info, "field_name", "from_name"))
        return given.strip()


def _address(given: str, field: str) -> str:
    if not is_address(given):
        raise Invalid("“{address}” is not a mail address.", field=field, address=given)
    return given
