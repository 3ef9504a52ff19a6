"""When a task's files are sent."""

from pydantic import BaseModel, ConfigDict


class ConditionSettings(BaseModel):
    """What has to be so for the files to be sent; always, where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)
