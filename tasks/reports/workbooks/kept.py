"""The workbook templates that are kept: uploaded, replaced, deleted, and named by tasks."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tasks.errors import Conflict, Invalid, NotFound
from tasks.models import TaskDefinition, WorkbookTemplate
from tasks.queries.reports_naming import reports_naming
from tasks.reports.workbooks.findings import examined
from tasks.slugs import check_slug, slug_of

NAMELESS = "template"


def templates(session: Session) -> Sequence[WorkbookTemplate]:
    """Return all templates by title, without their bytes."""
    return session.scalars(select(WorkbookTemplate).order_by(WorkbookTemplate.title)).all()


def template_named(session: Session, slug: str, *, with_content: bool = False) -> WorkbookTemplate:
    """Return the template of this short name; raises NotFound."""
    wanted = select(WorkbookTemplate).where(WorkbookTemplate.slug == slug)
    if with_content:
        wanted = wanted.options(undefer(WorkbookTemplate.content))
    found = session.scalar(wanted.execution_options(populate_existing=with_content))
    if found is None:
        raise NotFound("There is no workbook template “{slug}”.", slug=slug)
    return found


def add_template(
    session: Session, *, title: str, slug: str, content: bytes, changed_by: str
) -> WorkbookTemplate:
    """Keep a new template that was examined; raises Invalid, and Conflict for a name in use."""
    slug = slug or slug_of(title) or NAMELESS
    check_slug(slug)
    if session.scalar(select(WorkbookTemplate.id).where(WorkbookTemplate.slug == slug)):
        raise Conflict(
            "There is a workbook template “{slug}” already. Choose another short name, or "
            "replace its file on its page.",
            slug=slug,
        )
    template = WorkbookTemplate(slug=slug)
    _take(template, title, changed_by)
    _take_content(template, content)
    session.add(template)
    session.flush()
    return template


def change_template(
    session: Session,
    template: WorkbookTemplate,
    *,
    title: str,
    content: bytes | None,
    changed_by: str,
) -> None:
    """Rename a template, and replace its file where one is given; raises Invalid.

    A file that its tasks could not be filled into is refused, with the name of such a task.
    """
    _take(template, title, changed_by)
    if content is not None:
        for task in tasks_of(session, template.slug):
            _check_fits(task, content)
        _take_content(template, content)
    session.flush()


def delete_template(session: Session, template: WorkbookTemplate) -> None:
    """Delete a template that no task uses; raises Conflict."""
    users = [one.title for one in tasks_of(session, template.slug)]
    if users:
        raise Conflict(
            "The workbook template “{title}” is used by {names}. Choose another one there first.",
            title=template.title,
            names=", ".join(users),
        )
    session.delete(template)
    session.flush()


def tasks_of(session: Session, slug: str) -> list[TaskDefinition]:
    """Return the tasks that fill the template of this short name, by title."""
    return [one for one in reports_naming(session, slug) if one.settings.get("template") == slug]


def check_template(
    session: Session, settings: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Raise Invalid where a task names a template, or a table of it, that is not there."""
    slug, table = settings.get("template") or "", settings.get("template_table") or ""
    same = (before.get("template"), before.get("template_table") or "") == (slug, table)
    if not slug:
        return
    try:
        found = template_named(session, slug, with_content=not same)
    except NotFound as error:
        raise Invalid(
            "There is no workbook template “{slug}”. Choose another one.",
            field="template",
            slug=slug,
        ) from error
    if not same:
        examined(found.content).target_for(table)


def _take(template: WorkbookTemplate, title: str, changed_by: str) -> None:
    if not title.strip():
        raise Invalid("Give the template a name.", field="title")
    template.title = title.strip()[:200]
    template.changed_by = changed_by


def _take_content(template: WorkbookTemplate, content: bytes) -> None:
    examined(content).check_has_place()
    template.content, template.bytes = content, len(content)
    template.sha256 = hashlib.sha256(content).hexdigest()


def _check_fits(task: TaskDefinition, content: bytes) -> None:
    try:
        examined(content).target_for(task.settings.get("template_table") or "")
    except Invalid as error:
        raise Invalid(
            "The task “{task}” could not fill this workbook: {why}",
            field="file",
            task=task.title,
            why=error.message,
        ) from error
