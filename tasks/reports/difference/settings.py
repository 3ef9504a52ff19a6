"""What a task decides about the difference to the run before."""

from pydantic import BaseModel, ConfigDict


class DifferenceSettings(BaseModel):
    """Which columns make a row the same row, and where the difference is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)
