"""The values that a query of the editor is tried with: the defaults, and what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from pydantic import TypeAdapter, ValidationError

from tasks.errors import OrchestratorError
from tasks.problems import problems_of
from tasks.reports.parameters import ParameterDefinition, ParameterType
from webui.forms import Form, typed
from webui.i18n import say
from webui.parameters import taken
from webui.tasks.parameter_rows import ParameterRows

PREFIX = "try-"

_DEFINITIONS = TypeAdapter(list[ParameterDefinition])
_BY_ITSELF = (ParameterType.SINCE,)
"""What needs neither a value nor a default."""


@dataclass
class Trial(Form):
    """A control `try-due_by` for each parameter that must be given and has no default."""

    definitions: Sequence[ParameterDefinition] = ()
    asked: list[ParameterDefinition] = field(default_factory=list)

    @classmethod
    def of_request(cls, definitions: Sequence[ParameterDefinition]) -> "Trial":
        trial = cls(definitions=definitions)
        trial.asked = [one for one in definitions if _must_be_typed(one)]
        trial.values |= {PREFIX + one.name: typed(PREFIX + one.name) for one in trial.asked}
        return trial

    def given(self) -> dict[str, object]:
        """Return what was typed by the name of the parameter; raises Invalid."""
        return {one.name: self._taken(one) for one in self.asked}

    def is_complete(self) -> bool:
        """Whether each of them has something typed in it; else it is said beside it."""
        for one in self.asked:
            if not self.text(PREFIX + one.name):
                self.refuse(PREFIX + one.name, gettext("Type a value to try the query with."))
        return not self.errors

    def takes(self, problem: OrchestratorError) -> bool:
        """Say what is wrong beside the control that it is about; False where it has none."""
        control = PREFIX + str(getattr(problem, "field", "")).removeprefix("parameters.")
        if control in self.values:
            self.refuse(control, say(problem))
        return control in self.values

    def _taken(self, one: ParameterDefinition) -> str:
        return taken(one.type, self.text(PREFIX + one.name), field=f"parameters.{one.name}")


def definitions_of_rows(rows: ParameterRows) -> list[ParameterDefinition]:
    """Return the parameters as they stand on the page; raises Invalid with the first problem."""
    rows.check_numbers()
    try:
        return _DEFINITIONS.validate_python(rows.definitions())
    except ValidationError as error:
        raise problems_of(error)[0] from error


def _must_be_typed(one: ParameterDefinition) -> bool:
    return one.required and not one.default and one.type not in _BY_ITSELF
