"""The tables, one noun a file."""

from tasks.models.artifact import Artifact
from tasks.models.base import Base
from tasks.models.delivery import Channel, Delivery, DeliveryState
from tasks.models.run import Attempt, Run, RunEvent, RunState, Trigger
from tasks.models.schedule import Schedule, ScheduleKind
from tasks.models.source import Source, SourceKind
from tasks.models.task import TaskDefinition, TaskVersion
from tasks.models.user import Role, User, WebSession
from tasks.models.worker import SchedulerMark, Worker

__all__ = [
    "Artifact", "Attempt", "Base", "Channel", "Delivery", "DeliveryState", "Role", "Run",
    "RunEvent", "RunState", "Schedule", "ScheduleKind", "SchedulerMark", "Source", "SourceKind",
    "TaskDefinition", "TaskVersion", "Trigger", "User", "WebSession", "Worker",
]  # fmt: skip
