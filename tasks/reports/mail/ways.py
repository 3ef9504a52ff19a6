"""Which channels the files of a task take, beside its mail."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tasks.channels.names import LONGEST_PATTERN, check_pattern
from tasks.errors import Invalid

MOST_CHANNELS = 20


class ChannelUse(BaseModel):
    """A channel that a task uses, by its short name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str = Field(min_length=1, max_length=80)
    name: str = Field("", max_length=LONGEST_PATTERN)
    """The pattern of the names there; empty for the one of the channel."""
    part_files: bool = False
    """Whether it gets the files of each part, where the report is split, or those of all rows."""

    @field_validator("name")
    @classmethod
    def _pattern(cls, given: str) -> str:
        return check_pattern(given, field="channels")


def each_channel_once(given: Sequence[ChannelUse]) -> list[ChannelUse]:
    """Return the uses; raises Invalid where a channel stands there twice."""
    names = [one.channel for one in given]
    if len(set(names)) < len(names):
        raise Invalid("Each channel can be chosen once.", field="channels")
    return list(given)
