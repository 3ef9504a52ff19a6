"""How a task splits its rows among recipients."""

from pydantic import BaseModel, ConfigDict


class BurstSettings(BaseModel):
    """The column that says whose a row is, and where each part goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
