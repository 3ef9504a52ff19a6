"""What a task decides about the looks of its files."""

from pydantic import BaseModel, ConfigDict


class Looks(BaseModel):
    """How the files look; everything as usual where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)
