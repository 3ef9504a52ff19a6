"""Is this SQL one query that only reads? The verdict on a report's text, before any source sees it.

Early help for whoever writes the report. What keeps a source safe is its read-only transaction
and a user who may only SELECT.
"""

from tasks.reports.guard.checking import check
from tasks.reports.guard.verdict import Problem, Verdict

__all__ = ["Problem", "Verdict", "check"]
