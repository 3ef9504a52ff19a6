"""When a report is sent and what it is compared with, as the page of its task says it."""

from dataclasses import dataclass

from tasks.models import TaskDefinition
from webui.tasks import report_condition, report_difference


@dataclass(frozen=True, slots=True)
class ComparedWords:
    """In sentences; `difference` is empty where nothing is compared."""

    condition: str
    difference: str


def compared_words(task: TaskDefinition) -> ComparedWords:
    """Say when the task's files are sent, and how its runs are compared."""
    kept = task.settings
    return ComparedWords(
        report_condition.words(kept.get("condition")),
        report_difference.words(kept.get("difference")),
    )
