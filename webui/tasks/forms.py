"""The form of a task: from the row to its controls, and from what was typed to its content."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from tasks.authorship import (
    REPORT,
    adds_further_query,
    adds_query,
    authored,
    choices_of_companies,
    queries_of,
)
from tasks.chains import ChainContent
from tasks.definitions import TaskContent, content_of
from tasks.errors import Forbidden, Invalid, OrchestratorError
from tasks.jobs.registry import SettingField, find_job
from tasks.models import TaskDefinition
from webui.forms import Form, typed, whole_number
from webui.permissions import Permission, can
from webui.tasks import job_settings, policies, report_settings
from webui.tasks.chain_rows import ChainRows
from webui.tasks.parameter_rows import ParameterRows

BASICS = ("title", "slug", "description")

NAMELESS = "task"
"""The slug where neither a name nor a title gives one; the missing title is said beside it."""


@dataclass
class TaskForm(Form):
    """What was typed about a task of this job.

    `kept` are the settings that a user who may not decide what a job does has to leave as they are.
    """

    job: str = REPORT
    kept: Mapping[str, Any] = field(default_factory=dict)
    rows: ParameterRows = field(default_factory=ParameterRows)
    chains: ChainRows = field(default_factory=ChainRows)

    @classmethod
    def empty(cls, job: str = REPORT) -> "TaskForm":
        """The form of a task that does not exist yet."""
        form = cls(job=job)
        form.values |= dict.fromkeys(BASICS, "") | {"version": "0"}
        form.values |= report_settings.empty() if form.is_report else {}
        form.values |= job_settings.empty(form.fields)
        policies.put(form, policies.NEW)
        form.values["safe_to_repeat"] = form.is_report  # it reads; nobody knows of the others
        form.rows, form.chains = ParameterRows(form.values), ChainRows(form.values)
        return form

    @classmethod
    def of(cls, task: TaskDefinition, chains: Sequence[ChainContent]) -> "TaskForm":
        """The form of a task as it is."""
        form = cls.empty(task.job)
        form.kept = task.settings
        form.values |= {name: str(getattr(task, name)) for name in BASICS}
        form.values["version"] = str(task.version)
        form.values |= report_settings.shown(task.settings) if form.is_report else {}
        form.values |= job_settings.shown(form.fields, task.settings)
        policies.put(form, task)
        form.rows.put(task.parameters)
        form.chains.put(chains)
        return form

    @classmethod
    def typed(
        cls,
        *,
        job: str,
        kept: Mapping[str, Any] | None,
        parameters: Sequence[Mapping[str, Any]] = (),
    ) -> "TaskForm":
        """The form as it was sent; raises Forbidden where what a job does comes from who may not.

        `kept` is None for a task that does not exist yet and is no copy of another; `parameters`
        are those that it has.
        """
        form = cls(job=job, kept=kept or {})
        form.values |= {name: typed(name) for name in (*BASICS, "version")}
        form.values |= report_settings.sent() if form.is_report else {}
        form.values |= job_settings.sent(form.fields)
        form.values |= policies.sent()
        form.rows, form.chains = ParameterRows.typed(form.values), ChainRows.typed(form.values)
        form._keep_what_it_does(is_new=kept is None)
        form._keep_parameters(parameters)
        return form

    @property
    def is_report(self) -> bool:
        return self.job == REPORT

    @property
    def about(self) -> str:
        """What the job does, as the job says it; its name where it says nothing."""
        job = find_job(self.job)
        return job.about or job.title

    @property
    def fields(self) -> Sequence[SettingField]:
        """The settings that the form shows as the job's signature says; a report has its own."""
        return () if self.is_report else job_settings.fields_of(self.job)

    @property
    def version(self) -> int:
        """The version that the change was made to; 0 where it was not sent."""
        return whole_number(self.text("version")) or 0

    def _keep_what_it_does(self, *, is_new: bool) -> None:
        if can(Permission.AUTHOR):
            return
        if self.is_report:
            self._keep_sql()
        elif is_new or any(name.startswith(job_settings.PREFIX) for name in request.form):
            raise Forbidden("Only an author may decide what this job does. Ask one to change it.")
        else:
            self.values |= job_settings.shown(self.fields, self.kept)

    def _keep_parameters(self, kept: Sequence[Mapping[str, Any]]) -> None:
        """Refuse a query of choices that is neither ready nor an author's, and other companies."""
        if can(Permission.AUTHOR):
            return
        if adds_query(self.rows.queries(), queries_of(kept)):
            raise Forbidden("Only an author may write SQL. Ask one to change it.")
        if choices_of_companies(self.rows.definitions()) != choices_of_companies(kept):
            raise Forbidden(
                "Only an author may change which companies can be chosen. Ask one to change it."
            )

    def _keep_sql(self) -> None:
        kept = authored(REPORT, self.kept)
        given = dict(self.kept) | {"sql": self.text("sql")}
        if "sql" in request.form and authored(REPORT, given) != kept:
            raise Forbidden("Only an author may write SQL. Ask one to change it.")
        self.values["sql"] = self.kept.get("sql", "")
        if authored(REPORT, {"sql": kept["sql"], "source": self.text("source")}) != kept:
            raise Forbidden(
                "Only an author may choose another source for this SQL. Ask one to do it."
            )

    def content(
        self, *, sources: Collection[str], is_active: bool = True, slug: str | None = None
    ) -> TaskContent:
        """Return the checked content; raises Invalid. A title makes the slug where it is empty."""
        problems = self._unknown_source(sources) + policies.problems(self)
        try:
            content = self._checked(is_active=is_active, slug=slug)
        except Invalid as problem:
            problem.also += problems
            raise
        if problems:
            raise problems[0]
        return content

    def _unknown_source(self, sources: Collection[str]) -> list[Invalid]:
        name = self.text("source")
        if not name or name in sources:
            return []
        return [
            Invalid(
                "There is no source “{name}”. Choose one from the list.", field="source", name=name
            )
        ]

    def _checked(self, *, is_active: bool, slug: str | None) -> TaskContent:
        self.rows.check_count()
        self.rows.check_numbers()
        return content_of(
            slug=slug or self.slug(NAMELESS),
            title=self.text("title"),
            description=self.text("description"),
            job=self.job,
            is_active=is_active,
            settings=self._settings(),
            parameters=self.rows.definitions(),
            chains=self.chains.content(),
            **policies.content(self),
        )

    def _settings(self) -> Mapping[str, Any]:
        if self.is_report:
            return self._report_settings()
        if not can(Permission.AUTHOR):
            return self.kept
        return job_settings.content(self.fields, self)

    def _report_settings(self) -> Mapping[str, Any]:
        settings = report_settings.content(self)
        if adds_further_query(settings, self.kept) and not can(Permission.AUTHOR):
            raise Forbidden("Only an author may write SQL. Ask one to change it.")
        return settings

    def refuse(self, name: str, sentence: str, *, status: int = 422) -> None:
        """Keep all that is wrong with the SQL, each on a line, and else the first thing."""
        if name == "sql" and name in self.errors:
            self.errors[name] += f"\n{sentence}"
        else:
            super().refuse(name, sentence, status=status)

    def control_of(self, error: OrchestratorError) -> str:
        name = str(getattr(error, "field", None) or "")
        if row := self.rows.control_of(name) or self.chains.control_of(name):
            return row
        outer = name.split(".")[0]
        for control in (outer, job_settings.PREFIX + outer):
            if control in self.values:
                return control
        return super().control_of(error)
