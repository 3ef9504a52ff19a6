"""What a job may say and ask: its progress, and whether what it interrupted has ended."""

import dataclasses

import pytest

from tasks.jobs.context import JobContext, Progress, Stopped


class Statement:
    """Remembers how often it was cancelled; may refuse the first times."""

    def __init__(self, *, refusals: int = 0) -> None:
        self.cancels = 0
        self._refusals = refusals

    def cancel(self) -> None:
        self.cancels += 1
        if self.cancels <= self._refusals:
            raise OSError("the line is dead")


def test_the_last_progress_counts_and_its_words_are_bounded(context: JobContext) -> None:
    assert context.last_progress is None
    context.progress(1)
    context.progress(2, 10, "x" * 300)
    assert context.last_progress == Progress(2, 10, "x" * 200)


def test_a_stopped_job_sees_it_and_raises(context: JobContext) -> None:
    assert not context.cancelled
    stopped = dataclasses.replace(context, stopped=lambda: True)
    assert stopped.cancelled
    with pytest.raises(Stopped):
        stopped.check()


def test_nothing_is_confirmed_where_nothing_ran(context: JobContext) -> None:
    with context.interrupting(Statement().cancel):
        assert context.confirmed is None
    context.interrupt()
    assert context.confirmed is None


def test_an_interrupted_statement_is_confirmed_once_it_has_ended(context: JobContext) -> None:
    statement = Statement()
    with context.interrupting(statement.cancel):
        context.interrupt()
        assert (statement.cancels, context.confirmed) == (1, False)
    assert context.confirmed is True


def test_a_cancel_that_failed_confirms_nothing(context: JobContext) -> None:
    statement = Statement(refusals=1)
    with context.interrupting(statement.cancel), pytest.raises(OSError):
        context.interrupt()
    assert context.confirmed is False


def test_a_cancel_that_went_well_the_second_time_is_confirmed(context: JobContext) -> None:
    statement = Statement(refusals=1)
    with context.interrupting(statement.cancel):
        with pytest.raises(OSError):
            context.interrupt()
        context.interrupt()
    assert context.confirmed is True
