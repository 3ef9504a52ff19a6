"""The form of a task: from the row to its controls, and from what was typed to its content."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask import request

from tasks.definitions import TaskContent, content_of
from tasks.errors import Forbidden, Invalid, OrchestratorError
from tasks.folding import slug_of
from tasks.models import TaskDefinition
from tasks.models.task import TRANSIENT_KINDS
from tasks.reports.letter import DEFAULT_SUBJECT, DEFAULT_TEXT
from tasks.reports.render import Language
from tasks.settings import settings
from webui.forms import Form, typed, whole_number
from webui.permissions import Permission, can
from webui.tasks.parameter_rows import ParameterRows

TEXTS = ("title", "slug", "description", "source", "sql", "recipients", "language", "subject")
SETTINGS = ("source", "sql", "language", "subject", "text")
LENGTHS = ("timeout_seconds", "retry_delay_seconds", "retry_max_delay_seconds")
NUMBERS = ("priority", "max_attempts", "retry_backoff")
LISTS = ("formats", "retry_on")

NAMELESS = "task"
"""The slug where neither a name nor a title gives one; the missing title is said beside it."""

NEW = {
    "title": "", "slug": "", "description": "", "source": "", "sql": "", "recipients": "",
    "formats": ["xlsx"], "subject": DEFAULT_SUBJECT, "text": DEFAULT_TEXT, "priority": "5",
    "max_attempts": "3", "retry_backoff": "2", "retry_on": list(TRANSIENT_KINDS),
    "safe_to_repeat": True, "version": "0",
}  # fmt: skip


@dataclass
class TaskForm(Form):
    """What was typed about a task; `sql_kept` is the SQL that a user who may not write it keeps."""

    sql_kept: str | None = None
    rows: ParameterRows = field(default_factory=ParameterRows)

    @classmethod
    def empty(cls) -> "TaskForm":
        """The form of a task that does not exist yet."""
        form = cls(values=NEW | {"language": Language(settings().language).value})
        form.put_length("timeout_seconds", 900)
        form.put_length("retry_delay_seconds", 60)
        form.put_length("retry_max_delay_seconds", 3_600)
        form.rows = ParameterRows(form.values)
        return form

    @classmethod
    def of(cls, task: TaskDefinition) -> "TaskForm":
        """The form of a task as it is."""
        kept = task.settings
        form = cls.empty()
        form.values |= {name: str(getattr(task, name)) for name in ("title", "slug", "description")}
        form.values |= {name: str(kept.get(name, "")) for name in SETTINGS}
        form.values |= {name: f"{getattr(task, name):g}" for name in NUMBERS}
        form.values |= {
            "recipients": "\n".join(kept.get("recipients", [])),
            "formats": list(kept.get("formats", [])),
            "retry_on": list(task.retry_on),
            "safe_to_repeat": task.safe_to_repeat,
            "version": str(task.version),
        }
        for name in LENGTHS:
            form.put_length(name, getattr(task, name))
        form.rows.put(task.parameters)
        return form

    @classmethod
    def typed(cls, *, sql_kept: str | None) -> "TaskForm":
        """The form as it was sent; raises Forbidden where SQL comes from who may not write it."""
        names = [*TEXTS, "text", "version", *NUMBERS, *LENGTHS]
        names += [f"{name}-unit" for name in LENGTHS]
        form = cls(values={name: typed(name) for name in names}, sql_kept=sql_kept)
        form.values |= {name: request.form.getlist(name) for name in LISTS}
        form.values["safe_to_repeat"] = "safe_to_repeat" in request.form
        form.rows = ParameterRows.typed(form.values)
        form._keep_sql()
        return form

    def _keep_sql(self) -> None:
        if can(Permission.AUTHOR):
            return
        given, kept = self.text("sql"), (self.sql_kept or "").replace("\r\n", "\n")
        if "sql" in request.form and given != kept.strip():
            raise Forbidden("Only an author may write SQL. Ask one to change it.")
        self.values["sql"] = self.sql_kept or ""

    @property
    def version(self) -> int:
        """The version that the change was made to; 0 where it was not sent."""
        return whole_number(self.text("version")) or 0

    def content(
        self,
        *,
        sources: Collection[str],
        job: str = "report",
        queue: str = "default",
        is_active: bool = True,
        slug: str | None = None,
    ) -> TaskContent:
        """Return the checked content; raises Invalid. A title makes the slug where it is empty."""
        problems = self._unknown_source(sources)
        try:
            content = self._checked(job=job, queue=queue, is_active=is_active, slug=slug)
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

    def _checked(self, *, job: str, queue: str, is_active: bool, slug: str | None) -> TaskContent:
        return content_of(
            slug=slug or self.text("slug") or slug_of(self.text("title")) or NAMELESS,
            title=self.text("title"),
            description=self.text("description"),
            job=job,
            queue=queue,
            is_active=is_active,
            settings=self._settings(),
            parameters=self.rows.definitions(),
            retry_on=self.values["retry_on"],
            safe_to_repeat=self.values["safe_to_repeat"],
            retry_backoff=self.text("retry_backoff").replace(",", "."),
            **{name: self.text(name) for name in ("priority", "max_attempts")},
            **{name: self.take_length(name) for name in LENGTHS},
        )

    def _settings(self) -> dict[str, Any]:
        given = {name: self.text(name) for name in ("source", "language", "subject")}
        return given | {
            "sql": self.values["sql"] if self.text("sql") else "",
            "text": self.values["text"],
            "formats": self.values["formats"],
            "recipients": [
                one.strip() for one in self.text("recipients").split("\n") if one.strip()
            ],
        }

    def control_of(self, error: OrchestratorError) -> str:
        name = str(getattr(error, "field", None) or "")
        if row := self.rows.control_of(name):
            return row
        outer = name.split(".")[0]
        return outer if outer in self.values else super().control_of(error)
