"""The Celery side of a worker: its tasks, and the row that says it is alive."""

import os
from logging import getLogger
from typing import Any

from celery import bootsteps
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from tasks.celery_app import app
from tasks.clock import utcnow
from tasks.db import db_now, insert_once, transaction
from tasks.deliveries import deliver
from tasks.errors import Invalid
from tasks.models import Worker
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.perform import perform
from tasks.triggering import trigger

log = getLogger(__name__)

SEEN_EVERY_SECONDS = 5.0


@app.task(name="tasks.perform", bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def perform_task(self: Any, run_id: object) -> None:
    """Make one attempt of a run; whatever it finished waits for a message of its own."""
    perform(_row_id(run_id), worker=f"{self.request.hostname}:{os.getpid()}")
    dispatch_soon()


@app.task(name="tasks.deliver")  # type: ignore[untyped-decorator]  # Celery has no types
def deliver_task(delivery_id: object) -> None:
    """Send one delivery."""
    deliver(_row_id(delivery_id))


@app.task(name="tasks.trigger", bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def trigger_task(self: Any, /, *_unnamed: object, **message: object) -> None:
    """Promise a run that another application asks for."""
    trigger(message, message_id=self.request.id, now=utcnow())


def _row_id(value: object) -> int:
    """Check what a message says: it may come from anybody who reaches the broker."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Invalid("A message without the id of a row was dropped.")
    return value


class Presence(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Keeps this worker's row: dispatch counts its slots, the health page looks at its age."""

    requires = {"celery.worker.components:Timer"}  # noqa: RUF012 (Celery's own convention)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        self._seen(parent)
        self.entry = parent.timer.call_repeatedly(SEEN_EVERY_SECONDS, self._seen, (parent,))

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()
        with transaction() as session:
            session.execute(delete(Worker).where(Worker.name == parent.hostname))

    def _seen(self, parent: Any) -> None:
        row = {"queues": sorted(parent.app.amqp.queues.consume_from), "slots": parent.concurrency}
        try:
            with transaction() as session:
                new = row | {"name": parent.hostname, "last_seen_at": db_now()}
                insert_once(session, Worker, new)
                session.execute(
                    update(Worker)
                    .where(Worker.name == parent.hostname)
                    .values(last_seen_at=db_now(), **row),
                    execution_options={"synchronize_session": False},
                )
        except DBAPIError as error:
            log.warning("worker could not say it is alive", extra={"why": str(error.orig)})


app.steps["worker"].add(Presence)
