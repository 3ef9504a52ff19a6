"""The form that runs a task now: a control for each of its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext

from tasks.models import Run, TaskDefinition
from tasks.reports.parameters import ParameterDefinition, definitions_of
from tasks.reports.parameters import typed as as_typed
from webui.forms import Form, typed

MOST_SETS = 5


@dataclass
class RunForm(Form):
    """What was typed for the parameters; a control is named like `parameters-due_by`."""

    definitions: list[ParameterDefinition] = field(default_factory=list)

    @classmethod
    def of(cls, task: TaskDefinition, given: Mapping[str, object]) -> "RunForm":
        """The form with the defaults, and over them what is given."""
        form = cls(definitions=definitions_of(task.parameters))
        for one in form.definitions:
            value = given.get(one.name)
            form.values[f"parameters-{one.name}"] = (
                one.default if value is None else as_typed(value)
            )
        return form

    @classmethod
    def typed(cls, task: TaskDefinition) -> "RunForm":
        """The form as it was sent; without any control of ours, the defaults."""
        form = cls.of(task, {})
        form.values |= {name: typed(name) for name in form.values if name in request.form}
        return form

    def given(self) -> dict[str, object]:
        """Return what was typed by the name of the parameter."""
        return {one.name: self.values[f"parameters-{one.name}"] for one in self.definitions}


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """The parameters of an earlier run, to be taken again."""

    run: Run
    words: str


def last_sets(task: TaskDefinition, runs: Sequence[Run]) -> list[ParameterSet]:
    """Return the different parameters of the last runs, the newest first."""
    titles = {one.name: one.title for one in definitions_of(task.parameters)}
    sets: dict[str, ParameterSet] = {}
    for run in reversed(runs):
        words = ", ".join(
            f"{titles[name]}: {_in_words(value)}"
            for name, value in run.parameters.items()
            if name in titles and value is not None
        )
        if words:
            sets.setdefault(words, ParameterSet(run, words))
    return list(sets.values())[:MOST_SETS]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(value)
