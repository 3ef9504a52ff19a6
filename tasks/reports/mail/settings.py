"""What a task decides about its mail beside its words."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tasks.addresses import checked_addresses
from tasks.reports.named import ColumnName

MOST_COPIES = 50
MOST_ROWS_SHOWN, MOST_FIGURES = 100, 8


class Attach(StrEnum):
    """How the files come with a mail."""

    FILES = "files"
    """In the mail; as a link where they are too large for its account."""
    LINK = "link"
    """By a signed address that is over after some days."""
    NONE = "none"


class MailSettings(BaseModel):
    """Who else gets it, over which account, and what is attached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cc: list[str] = Field(default_factory=list, max_length=MOST_COPIES)
    bcc: list[str] = Field(default_factory=list, max_length=MOST_COPIES)
    """These get it too, and no header of any mail names them."""
    reply_to: str = Field("", max_length=320)
    account: str = Field("", max_length=80)
    """The short name of a mail account; empty for the installation's own mail server."""
    attach: Attach = Attach.FILES
    stop_link: bool = False
    """Whether the text ends with how its reader stops these mails; a header says it anyway."""

    html: bool = False
    """Whether the mail has a formatted form beside its plain text; with charts it always has."""
    rows: int = Field(0, ge=0, le=MOST_ROWS_SHOWN)
    """How many of the first rows the formatted mail shows."""
    figures: list[ColumnName] = Field(default_factory=list, max_length=MOST_FIGURES)
    """The columns whose sums stand in large letters in the formatted mail."""

    @field_validator("cc", "bcc")
    @classmethod
    def _addresses(cls, given: list[str], info: object) -> list[str]:
        return checked_addresses(given, field=f"mail.{getattr(info, 'field_name', 'cc')}")

    @field_validator("reply_to")
    @classmethod
    def _address(cls, given: str) -> str:
        return "".join(checked_addresses([given], field="mail.reply_to")) if given else ""
