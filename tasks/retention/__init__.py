"""What is deleted when its time is over: rows in small transactions, files before their rows.

Whoever stops in the middle leaves rows whose files are gone; the next pass finds and ends them.
"""

from tasks.retention.files import delete_artifacts, delete_old_files
from tasks.retention.rows import delete_alert_mails, delete_alerts, delete_sessions
from tasks.retention.runs import delete_runs, forgotten_before

__all__ = [
    "delete_alert_mails",
    "delete_alerts",
    "delete_artifacts",
    "delete_old_files",
    "delete_runs",
    "delete_sessions",
    "forgotten_before",
]
