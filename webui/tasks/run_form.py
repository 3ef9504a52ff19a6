"""The form that runs a task now: a control for each of its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from tasks.models import Run, TaskDefinition
from tasks.reports.companies import offered
from tasks.reports.parameters import ParameterDefinition, definitions_of
from webui.database import db
from webui.forms import Form
from webui.parameters import any_dated, controls_of, said, sent, start_of
from webui.parameters import given as given_by

MOST_SETS = 5


@dataclass
class RunForm(Form):
    """What was typed for the parameters; a control is named like `parameters-due_by`."""

    definitions: list[ParameterDefinition] = field(default_factory=list)

    @property
    def has_dates(self) -> bool:
        """Whether the words for dates are of use."""
        return any_dated(self.definitions)

    @classmethod
    def of(cls, task: TaskDefinition, given: Mapping[str, object]) -> "RunForm":
        """The form with the defaults, and over them what is given."""
        form = cls(definitions=offered(db.session(), task))
        for one in form.definitions:
            value = given.get(one.name)
            form.values |= controls_of(one, start_of(one) if value is None else value)
        return form

    def take(self, fields: "MultiDict[str, str]") -> None:
        """Put in what an address gives, such as `?parameters-customer=C001`."""
        for one in self.definitions:
            self.values |= sent(one, fields)

    @classmethod
    def typed(cls, task: TaskDefinition) -> "RunForm":
        """The form as it was sent; without any control of ours, the defaults."""
        form = cls.of(task, {})
        form.take(request.form)
        return form

    def given(self) -> dict[str, object]:
        """Return what was typed by the name of the parameter; raises Invalid."""
        return {one.name: given_by(one, self.values) for one in self.definitions}


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """The parameters of an earlier run, to be taken again."""

    run: Run
    words: str


def last_sets(task: TaskDefinition, runs: Sequence[Run]) -> list[ParameterSet]:
    """Return the different parameters of the last runs, the newest first."""
    known = {one.name: one for one in definitions_of(task.parameters)}
    sets: dict[str, ParameterSet] = {}
    for run in reversed(runs):
        words = ", ".join(
            f"{known[name].title}: {_in_words(known[name], value)}"
            for name, value in run.parameters.items()
            if name in known and value is not None
        )
        if words:
            sets.setdefault(words, ParameterSet(run, words))
    return list(sets.values())[:MOST_SETS]


def _in_words(one: ParameterDefinition, value: object) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return said(one.type, value)
