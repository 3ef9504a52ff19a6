"""What a schedule is, in the reader's words."""

from dataclasses import dataclass

from flask_babel import gettext

from tasks.models import Calendar, CatchUp, OnHoliday, Schedule, ScheduleKind
from tasks.reports.parameters import ParameterDefinition, definitions_of, typed
from webui.masks import is_secret, masked
from webui.parameters import said
from webui.schedules import choices


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands beside the ledger of a schedule."""

    calendar: Calendar | None
    on_holiday: str
    catch_up: str
    priority: str
    place: str
    parameters: list[tuple[str, str]]


def facts_of(schedule: Schedule, calendar: Calendar | None) -> Facts:
    """Say what a person decided about a schedule; its task has to be loaded."""
    priority = "" if schedule.priority is None else str(schedule.priority)
    return Facts(
        calendar=calendar,
        on_holiday=dict(choices.days_off())[OnHoliday(schedule.on_holiday)],
        catch_up=dict(choices.catch_ups())[CatchUp(schedule.catch_up)],
        priority=dict(choices.priorities())[priority],
        place=_place(schedule),
        parameters=_parameters(schedule),
    )


def _parameters(schedule: Schedule) -> list[tuple[str, str]]:
    """Return what the schedule gives, by the titles that the task has for it; secrets masked."""
    known = {one.name: one for one in definitions_of(schedule.task.parameters)}
    return [
        (
            known[name].title if name in known else name,
            masked() if is_secret(name) else _said(known.get(name), value),
        )
        for name, value in schedule.parameters.items()
    ]


def _said(one: ParameterDefinition | None, value: object) -> str:
    return typed(value) if one is None else said(one.type, value)


def _place(schedule: Schedule) -> str:
    if schedule.kind is not ScheduleKind.SOLAR:
        return ""
    place: str = gettext(
        "latitude %(latitude)s, longitude %(longitude)s",
        latitude=schedule.latitude,
        longitude=schedule.longitude,
    )
    return place
