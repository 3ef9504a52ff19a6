"""What the guard says of a text: nothing, or what is wrong and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.sources.sql_text import Fault as Fault
from tasks.sources.sql_text import fault as fault


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
