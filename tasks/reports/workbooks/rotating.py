"""The passwords of files in tasks and in their versions, encrypted anew with the first key."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from tasks.encryption import rotate
from tasks.models import TaskDefinition, TaskVersion
from tasks.reports.workbooks.passwords import FIELD

NAMED = f'%"{FIELD}"%: "gAAAA%'
"""What stands in the JSON of a task that has one: each encrypted text begins so."""


def rotate_file_passwords(session: Session) -> int:
    """Encrypt them anew; returns how many tasks have one; raises Invalid where no key fits."""
    named = cast(TaskDefinition.settings, String).like(NAMED)
    wanted = select(TaskDefinition).where(named).order_by(TaskDefinition.id)
    tasks = [one for one in session.scalars(wanted.with_for_update()) if one.settings.get(FIELD)]
    for task in tasks:
        task.settings = rotated(task.settings)
    for number in session.scalars(select(TaskVersion.id).where(_has_one())).all():
        version = session.get_one(TaskVersion, number)
        settings = version.content.get("settings") or {}
        if settings.get(FIELD):
            version.content = version.content | {"settings": rotated(settings)}
    return len(tasks)


def rotated(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with the same password under the first key."""
    return dict(settings) | {FIELD: rotate(settings[FIELD])}


def _has_one() -> Any:
    return cast(TaskVersion.content, String).like(NAMED)
