"""One more result of a report, on a sheet of its own."""

from pydantic import BaseModel, ConfigDict


class SheetSettings(BaseModel):
    """A query of the same source with the title of its sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)
