"""The tables, one noun a file."""

from tasks.kinds import ArtifactRole, ChannelKind
from tasks.models.alert import Alert, AlertKind, AlertMail, AlertMailState
from tasks.models.artifact import Artifact, ArtifactStore, Download
from tasks.models.base import Base
from tasks.models.calendar import Calendar, CalendarDay, DayKind, DayOrigin
from tasks.models.chain import ChainOn, TaskChain
from tasks.models.channel import Channel
from tasks.models.delivery import Delivery, DeliveryState
from tasks.models.following import Subscription, Unsubscription
from tasks.models.incident import Incident
from tasks.models.queue import Queue
from tasks.models.result import RunResult
from tasks.models.run import (
    IS_HELD,
    IS_QUEUED,
    IS_READY,
    IS_RUNNING,
    Attempt,
    Run,
    RunEvent,
    RunState,
    Trigger,
)
from tasks.models.schedule import (
    FOREVER,
    CatchUp,
    OnHoliday,
    Schedule,
    ScheduleKind,
    ScheduleOrigin,
)
from tasks.models.source import LoginState, Source, SourceKind
from tasks.models.task import Overlap, TaskDefinition, TaskVersion
from tasks.models.user import Role, User, WebSession
from tasks.models.workbook import WorkbookTemplate
from tasks.models.worker import SchedulerMark, Worker

__all__ = [
    "FOREVER",
    "IS_HELD",
    "IS_QUEUED",
    "IS_READY",
    "IS_RUNNING",
    "Alert",
    "AlertKind",
    "AlertMail",
    "AlertMailState",
    "Artifact",
    "ArtifactRole",
    "ArtifactStore",
    "Attempt",
    "Base",
    "Calendar",
    "CalendarDay",
    "CatchUp",
    "ChainOn",
    "Channel",
    "ChannelKind",
    "DayKind",
    "DayOrigin",
    "Delivery",
    "DeliveryState",
    "Download",
    "Incident",
    "LoginState",
    "OnHoliday",
    "Overlap",
    "Queue",
    "Role",
    "Run",
    "RunEvent",
    "RunResult",
    "RunState",
    "Schedule",
    "ScheduleKind",
    "ScheduleOrigin",
    "SchedulerMark",
    "Source",
    "SourceKind",
    "Subscription",
    "TaskChain",
    "TaskDefinition",
    "TaskVersion",
    "Trigger",
    "Unsubscription",
    "User",
    "WebSession",
    "WorkbookTemplate",
    "Worker",
]  # fmt: skip
