"""How the keeping of files fails."""

from tasks.channels.errors import Unreachable
from tasks.errors import ErrorKind, JobError


class StoreAway(JobError, Unreachable):
    """The store of files does not answer: an attempt fails for now, a delivery is tried again."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, kind=ErrorKind.NO_SPACE, transient=True, **values)
