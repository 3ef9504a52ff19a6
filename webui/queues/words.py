"""What the runs of a queue wait for, in the reader's words."""

from flask_babel import lazy_gettext

WAITS = {
    "queue_paused": lazy_gettext("while it is paused"),
    "queue_busy": lazy_gettext("for the limit of the queue"),
    "source_busy": lazy_gettext("for the limit of a source"),
    "quiet_hours": lazy_gettext("for the end of the quiet hours of a source"),
    "disk": lazy_gettext("for room on the disk"),
    "task_busy": lazy_gettext("for the limit of a task"),
    "overlap": lazy_gettext("for the run before"),
    "retry": lazy_gettext("for the next attempt"),
}
