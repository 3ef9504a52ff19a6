"""What a task decides about its mail beside its words."""

from pydantic import BaseModel, ConfigDict


class MailSettings(BaseModel):
    """Who else gets it, over which account, and what is attached."""

    model_config = ConfigDict(extra="forbid", frozen=True)
