"""How a delivery over a channel can fail: for good, for now, or without anybody knowing."""

from tasks.errors import OrchestratorError


class Refused(OrchestratorError):
    """The other side said no for good, or what it should get cannot be made."""


class Unreachable(OrchestratorError):
    """The other side could not be reached, or said: not now."""


class Away(Unreachable):
    """Nobody is there, or lets us in: so it would be for whatever goes the same way."""


class Uncertain(OrchestratorError):
    """The line broke after everything was handed over, so it may have arrived."""
