"""What a new home folder is given: a login, and the demo company with its tasks and first run."""

import secrets
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.accounts import create_user
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.definitions import TaskContent, content_of, create_task
from tasks.demo import company
from tasks.kit.report import KitReport, kit
from tasks.models import (
    Role,
    Run,
    Schedule,
    ScheduleKind,
    Source,
    SourceKind,
    TaskDefinition,
    Trigger,
    User,
)
from tasks.recipients import refusal_of
from tasks.reports.render import Language
from tasks.runs.promise import promise
from tasks.scheduling.cron import Cron
from tasks.settings import settings
from tasks.stack.first_report import FIRST_ACTOR, FIRST_KEY, FIRST_TASK
from tasks.stack.home import write_private

LOGIN = "admin"
LOGIN_FILE = "login.txt"
DEMO_FILE = "demo.duckdb"
DEMO_SOURCE = "demo"
RECIPIENT = "accounting@company.example"
WEEKDAYS_AT_NINE = "0 9 * * 1-5"


def build_demo_company() -> bool:
    """Build the company up to today unless it is there; say whether it was built."""
    path = settings().home_dir / DEMO_FILE
    today = utcnow().astimezone(settings().zone).date()
    if company.is_current(path, until=today):
        return False
    company.build(path, until=today)
    return True


def give_login(home: Path) -> bool:
    """Add the first administrator where there is no user yet; say whether that was so.

    The file is written before the user is committed: a crash between the two leaves a file
    that the next start writes again, never a user whose password nobody knows.
    """
    with transaction() as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            return False
        password = secrets.token_urlsafe(15)
        create_user(session, login=LOGIN, password=password, role=Role.ADMIN)
        text = f"login: {LOGIN}\npassword: {password}\n"
        write_private(home / LOGIN_FILE, text)
    return True


def seed_demo() -> Run | None:
    """Add the demo's source, tasks and schedule and promise the first run; return it.

    None where the demo was added before: what people made of it since stays as it is.
    """
    with transaction() as session:
        if session.scalar(select(Source.id).where(Source.slug == DEMO_SOURCE)) is not None:
            return None
        session.add(
            Source(
                slug=DEMO_SOURCE,
                title="Demo company",
                kind=SourceKind.DUCKDB,
                settings={"file": DEMO_FILE, "schema": company.SCHEMA},
            )
        )
        tasks = [
            create_task(session, _content(report), changed_by=FIRST_ACTOR)
            for report in kit(Language(settings().language))
        ]
        first = next(task for task in tasks if task.slug == FIRST_TASK)
        session.add(_weekdays(first))
        return _promise_first(session, first)


def _content(report: KitReport) -> TaskContent:
    return content_of(
        slug=report.slug,
        title=report.title,
        description=report.description,
        settings={
            "source": DEMO_SOURCE,
            "sql": report.sql,
            "formats": list(report.formats),
            "language": settings().language,
            "recipients": [] if refusal_of(RECIPIENT) else [RECIPIENT],
        },
        parameters=list(report.parameters),
    )


def _weekdays(task: TaskDefinition) -> Schedule:
    now = utcnow()
    due = next(Cron(WEEKDAYS_AT_NINE, settings().zone).after(now))
    return Schedule(
        task_definition_id=task.id,
        name="Weekdays at nine",
        kind=ScheduleKind.CRON,
        cron=WEEKDAYS_AT_NINE,
        timezone=settings().timezone,
        starts_at=now,
        next_due_at=due,
        next_scheduled_for=due,
    )


def _promise_first(session: Session, task: TaskDefinition) -> Run:
    return promise(
        session,
        task,
        trigger=Trigger.CODE,
        triggered_by=FIRST_ACTOR,
        parameters={},
        now=utcnow(),
        request_key=FIRST_KEY,
    )
