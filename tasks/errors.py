"""The errors of the product. A message is a sentence for a person: what happened, what to do."""

from enum import StrEnum


def mark(sentence: str) -> str:
    """Mark a sentence for the translators where it stands outside of an error's call."""
    return sentence


class ErrorKind(StrEnum):
    """Why a run failed: the closed list that retry rules and screens speak of."""

    SOURCE_UNREACHABLE = "source_unreachable"
    SOURCE_REFUSED = "source_refused"
    SOURCE_LOST = "source_lost"
    SQL = "sql"
    PARAMETER = "parameter"
    RENDER = "render"
    NO_SPACE = "no_space"
    JOB = "job"
    WORKER_LOST = "worker_lost"
    INTERNAL = "internal"


class OrchestratorError(Exception):
    """The root of all errors that are meant for a person.

    `template` with its `values` filled in is the sentence in English; the screen translates the
    template before it fills it, so an error is raised with a plain string as its first argument.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        self.message = template.format(**values) if values else template
        super().__init__(self.message)


class NotFound(OrchestratorError):
    """The thing does not exist, or this user may not see it."""


class Conflict(OrchestratorError):
    """The thing is no longer in a state that allows this."""


def changed_meanwhile(name: str) -> Conflict:
    """Return what is told to who was slower: somebody else has changed this since."""
    return Conflict(
        "“{name}” was changed by somebody else in the meantime. Your text is still here: "
        "compare, then save again.",
        name=name,
    )


class Forbidden(OrchestratorError):
    """The user is known but may not do this."""


class Invalid(OrchestratorError):
    """Input that cannot be taken; `field` names the input it is about, where there is one.

    `also` holds what else is wrong with the same input.
    """

    def __init__(self, template: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field
        self.also: list[Invalid] = []


class JobError(OrchestratorError):
    """An attempt that failed for a known reason; `transient` says whether another try can help."""

    def __init__(
        self, template: str, *, kind: ErrorKind, transient: bool = False, **values: object
    ) -> None:
        super().__init__(template, **values)
        self.kind = kind
        self.transient = transient
