"""What the guard says of a text: nothing, or what is wrong and where."""

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `line` and `column` count from 1 in the author's text."""

    line: int
    column: int
    template: str
    values: Mapping[str, str]

    @property
    def message(self) -> str:
        """The sentence in English; a screen translates the template before it fills it."""
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a text, in its order, and the parameters that it names."""

    problems: tuple[Problem, ...]
    parameters: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem at an offset of the text."""

    start: int
    template: str
    values: Mapping[str, str]


def fault(start: int, template: str, **values: str) -> Fault:
    """Make a fault; what it quotes of the text is cut to a length that a person reads."""
    return Fault(start, template, {name: _cut(value) for name, value in values.items()})


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST_NAME else value[: LONGEST_NAME - 1] + "…"
