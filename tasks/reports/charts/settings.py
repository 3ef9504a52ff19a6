"""What a task decides about one chart."""

from pydantic import BaseModel, ConfigDict


class ChartSettings(BaseModel):
    """One picture of the rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
