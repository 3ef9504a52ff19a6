"""What the SQL editor is asked about a text, and the answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from logging import getLogger

from tasks.errors import Conflict, Invalid, JobError, OrchestratorError
from tasks.reports.parameters import ParameterDefinition
from tasks.reports.plan_of import Plan, plan_of
from tasks.reports.preview import preview
from webui.permissions import actor
from webui.places import place_at_a_source
from webui.tasks.forms import TaskForm
from webui.tasks.sql_checking import Fault, checked
from webui.tasks.sql_table import Table
from webui.tasks.sql_trial import Trial, definitions_of_rows

log = getLogger(__name__)


class Question(StrEnum):
    """What a person may ask about the SQL that they write."""

    CHECK = "check"
    FORMAT = "format"
    PREVIEW = "preview"
    EXPLAIN = "explain"


class Outcome(StrEnum):
    """How it went: each has a partial of its own."""

    FINE = "fine"
    FORMATTED = "formatted"
    VALUES = "values"
    ROWS = "rows"
    PLAN = "plan"
    NO_PLAN = "no_plan"
    FAULTS = "faults"


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """What became of a question."""

    outcome: Outcome
    faults: Sequence[Fault] = ()
    unlooked: str = ""
    """Why nobody looked whether the tables and columns are there; empty where somebody did."""
    table: Table | None = None
    plan: Plan | None = None
    trial: Trial | None = None


def answer_to(question: Question, form: TaskForm) -> SqlAnswer:
    """Ask; what is wrong is an answer too. Not to be called in a transaction."""
    try:
        return _ANSWERS[question](form)
    except (Invalid, Conflict, JobError) as error:
        return refusal(error)


def refusal(error: OrchestratorError) -> SqlAnswer:
    """Return the answer that says only this."""
    return SqlAnswer(Outcome.FAULTS, [Fault.of(error)])


def _check(form: TaskForm) -> SqlAnswer:
    faults, unlooked = checked(form.text("source"), form.values["sql"], _definitions(form))
    return SqlAnswer(Outcome.FAULTS if faults else Outcome.FINE, faults, unlooked)


def _format(form: TaskForm) -> SqlAnswer:
    from tasks.reports.formatting import formatted  # brings sqlglot, which only this needs

    form.values["sql"] = formatted(form.values["sql"])
    return SqlAnswer(Outcome.FORMATTED)


def _preview(form: TaskForm) -> SqlAnswer:
    def ask(trial: Trial) -> SqlAnswer:
        found = preview(form.text("source"), form.values["sql"], trial.definitions, trial.given())
        log.info(
            "sql previewed",
            extra=_about(form) | {"rows": len(found.rows), "seconds": round(found.seconds, 3)},
        )
        return SqlAnswer(Outcome.ROWS, table=Table.of(found))

    return _tried(form, ask)


def _explain(form: TaskForm) -> SqlAnswer:
    def ask(trial: Trial) -> SqlAnswer:
        plan = plan_of(form.text("source"), form.values["sql"], trial.definitions, trial.given())
        log.info("sql explained", extra=_about(form) | {"told": plan is not None})
        return SqlAnswer(Outcome.PLAN if plan else Outcome.NO_PLAN, plan=plan)

    return _tried(form, ask)


def _tried(form: TaskForm, ask: Callable[[Trial], SqlAnswer]) -> SqlAnswer:
    """Ask the source with the values of the page; first for those that are missing."""
    if not form.text("source"):
        raise Invalid("Choose the source that is to be asked.")
    trial = Trial.of_request(_definitions(form))
    if not trial.is_complete():
        return SqlAnswer(Outcome.VALUES, trial=trial)
    try:
        with place_at_a_source():
            answer = ask(trial)
    except (Invalid, Conflict, JobError) as error:
        log.info("sql refused", extra=_about(form) | {"kind": getattr(error, "kind", "value")})
        answer = SqlAnswer(Outcome.VALUES) if trial.takes(error) else refusal(error)
    return replace(answer, trial=trial)


def _definitions(form: TaskForm) -> list[ParameterDefinition]:
    return definitions_of_rows(form.rows)


def _about(form: TaskForm) -> dict[str, str]:
    """What may stand in a log: neither the text, which may hold names of people, nor a row."""
    return {"login": actor(), "source": form.text("source")}


_ANSWERS: dict[Question, Callable[[TaskForm], SqlAnswer]] = {
    Question.CHECK: _check,
    Question.FORMAT: _format,
    Question.PREVIEW: _preview,
    Question.EXPLAIN: _explain,
}
