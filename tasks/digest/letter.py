"""The words of the letter of the week, in the language of the person."""

from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from tasks.catalogue import in_language
from tasks.channels.email import plain_letter
from tasks.digest.week import MOST_PLANNED, TaskWeek, Week
from tasks.errors import mark
from tasks.models import User
from tasks.settings import settings

SUBJECT = mark("Your tasks from {since} to {until}: {failed} failed runs")
WELL = mark("Your tasks from {since} to {until}: all is well")
RAN = mark(
    "Runs that succeeded: {succeeded}; failed: {failed}; late: {late}; nothing to send: {nothing}."
)
NOTHING = mark("Nothing ran of the tasks that you are told of.")
PLANNED = mark("Runs that are planned for the coming week: {planned}.")
MORE = mark("… and {count} more.")
WHERE = mark("Change this letter on your page: {where}")
MOST_TASKS = 50


def letter_of(user: User, week: Week) -> EmailMessage:
    """Write the letter to the person."""
    made = f"{settings().web_url}#digest-{user.id}@{week.until.isoformat()}"
    return plain_letter(
        [user.email or ""],
        subject=_subject(user, week),
        text="\n".join(_lines(user, week)) + "\n",
        message_id=f"<{uuid5(NAMESPACE_URL, made)}@task-orchestrator>",
    )


def _subject(user: User, week: Week) -> str:
    failed = sum(one.failed for one in week.tasks)
    days = {"since": f"{week.since:%d.%m.%Y}", "until": f"{week.until:%d.%m.%Y}"}
    return _said(user, SUBJECT if failed else WELL, failed=failed, **days)


def _lines(user: User, week: Week) -> list[str]:
    told = [line for one in week.tasks[:MOST_TASKS] for line in _of_task(user, one)]
    if (rest := len(week.tasks) - MOST_TASKS) > 0:
        told.append(f"- {_said(user, MORE, count=rest)}")
    return [
        *(told or [_said(user, NOTHING)]),
        "",
        _said(user, PLANNED, planned=_planned(week)),
        "",
        _said(user, WHERE, where=f"{settings().web_url}/account"),
    ]


def _planned(week: Week) -> str:
    return f"> {MOST_PLANNED}" if week.planned >= MOST_PLANNED else str(week.planned)


def _of_task(user: User, one: TaskWeek) -> list[str]:
    figures = _said(
        user,
        RAN,
        succeeded=one.succeeded,
        failed=one.failed,
        late=one.late,
        nothing=one.nothing_to_send,
    )
    return [f"- {one.title}", f"  {figures}", f"  {settings().web_url}/tasks/{one.slug}"]


def _said(user: User, template: str, **values: object) -> str:
    return in_language(user.language or settings().language, template, **values)
