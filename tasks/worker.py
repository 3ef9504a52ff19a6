"""The Celery side of a worker: its tasks, and the row that says it is alive."""

import os
from typing import Any

from celery import bootsteps
from celery.worker import state

from tasks.alert_mails import send_alerts
from tasks.celery_app import app
from tasks.clock import utcnow
from tasks.deliveries import deliver
from tasks.digest.sending import LOOK_SECONDS, send_digests
from tasks.errors import Invalid
from tasks.presence import Presence
from tasks.runs.disk import look_at_the_disk
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.perform import perform
from tasks.runs.plenty import is_spared
from tasks.settings import settings
from tasks.triggering import trigger
from tasks.watch import Watch, look_after_the_scheduler

WATCH_EVERY_TICKS = 5
CHILDREN_SECONDS = 0.25
"""Celery looks after its children each 5 s: for so long a run waits that was handed to one which
ended just then, as each does after 200 runs."""


@app.task(name="tasks.perform", bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def perform_task(self: Any, run_id: object) -> None:
    """Make one attempt of a run; whatever it finished waits for a message of its own."""
    queue = self.request.delivery_info["routing_key"]
    worker = f"{self.request.hostname}:{os.getpid()}"
    nothing_follows = perform(_row_id(run_id), worker=worker)
    if not (nothing_follows and is_spared(queue)):
        dispatch_soon(after=queue)


@app.task(name="tasks.deliver")  # type: ignore[untyped-decorator]  # Celery has no types
def deliver_task(delivery_id: object) -> None:
    """Send one delivery."""
    deliver(_row_id(delivery_id))


@app.task(name="tasks.trigger", bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def trigger_task(self: Any, /, *_unnamed: object, **message: object) -> None:
    """Promise a run that another application asks for."""
    trigger(message, message_id=self.request.id, now=utcnow())


def is_told_to_end() -> bool:
    """Whether this worker was ordered to stop, so that its end is none by a fault.

    Celery hears the order in the middle of its loop and ends the children there and then; where the
    loop meets that before it looks for the order, it takes it for an error of its own.
    """
    return state.should_terminate is not None


def _row_id(value: object) -> int:
    """Check what a message says: it may come from anybody who reaches the broker."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Invalid("A message without the id of a row was dropped.")
    return value


def _at_work(pool: Any) -> dict[int, str]:
    """Return the children at work, and the message that each of them is at."""
    begun = list(pool._pool._cache.values())  # copied at once: the worker's loop changes it
    return {pid: one.correlation_id for one in begun for pid in one.worker_pids()}


class PresenceStep(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Says in threads beside the loop that this worker is alive, and watches over the others."""

    requires = {"celery.worker.components:Pool"}  # noqa: RUF012 (Celery's own convention)

    def start(self, parent: Any) -> None:
        parent.hub.call_repeatedly(CHILDREN_SECONDS, parent.pool.maintain_pool)
        self.presence = Presence(
            parent.hostname,
            queues=sorted(parent.app.amqp.queues.consume_from),
            slots=parent.concurrency,
            children=lambda: _at_work(parent.pool),
        )
        self.watches = [
            Watch(
                settings().seen_seconds,
                self.presence.say_alive,
                self.presence.end_hanging_children,
            ),
            Watch(
                WATCH_EVERY_TICKS * settings().tick_seconds,
                look_after_the_scheduler,
                look_at_the_disk,
                send_alerts,
            ),
            Watch(LOOK_SECONDS, send_digests),
        ]
        for watch in self.watches:
            watch.start()

    def stop(self, _parent: Any) -> None:
        for watch in self.watches:
            watch.stop()
        self.presence.say_goodbye()

    terminate = stop  # what Celery calls after SIGTERM


app.steps["worker"].add(PresenceStep)
