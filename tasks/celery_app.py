"""The Celery application. Each setting that is not the default says what broke without it."""

import os

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

from tasks import log
from tasks.settings import settings

os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")  # without it SIGTERM has no soft shutdown

app = Celery("task_orchestrator", broker=settings().broker_url, include=["tasks.worker"])

app.conf.update(
    # A result backend that is down leaves a web process waiting for ever; the row is the result.
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    # Late acks execute a task three times once it outlives the visibility timeout.
    task_acks_late=False,
    # A job that kills its worker would come back without end; attempts are counted in the row.
    task_reject_on_worker_lost=False,
    # Prefetched tasks wait behind a long one, although another worker is free.
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    broker_connection_retry_on_startup=True,
    # The default gives up after 100 tries; a broker may be away for longer.
    broker_connection_max_retries=None,
    # The default of Celery 6 revokes running tasks when the broker goes away.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Below the stop grace of systemd, so that a running report can end by itself.
    worker_soft_shutdown_timeout=settings().soft_shutdown_seconds,
    worker_max_tasks_per_child=200,
    # Pickle in a message is code from whoever reaches the broker.
    accept_content=["json"],
    task_serializer="json",
    # A message without priority counts as the most urgent; this is our 5 in Redis's order.
    task_default_priority=4,
    task_default_queue="default",
    task_queues=[Queue("default")],
    task_create_missing_queues=True,
    # Nobody listens, and each message would cost the broker a broadcast.
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    broker_transport_options={
        # An hour by default, then a running task is delivered once more.
        "visibility_timeout": 24 * 3600,
        # Four levels by default.
        "priority_steps": list(range(10)),
        # Without time-outs a half-open connection gives no work for 90 s.
        "socket_timeout": settings().broker_socket_timeout,
        "socket_connect_timeout": settings().broker_connect_timeout,
        "socket_keepalive": True,
        "health_check_interval": settings().broker_health_check_seconds,
        "global_keyprefix": settings().broker_prefix,
    },
)


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_to_our_files(**_: object) -> None:
    log.configure("celery")
