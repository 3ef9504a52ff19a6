"""The figures as Prometheus reads them."""

import hmac
from collections.abc import Mapping

from flask import current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from tasks.queries.measures import Measures
from tasks.settings import Settings

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
LOOPBACK = ("127.0.0.1", "::1")


def may_read() -> bool:
    """Whether this machine asks, not for somebody behind a proxy, or somebody with the token."""
    current: Settings = current_app.extensions["orchestrator"]
    token = current.metrics_token.get_secret_value()
    given = request.authorization
    if token and given is not None and given.type == "bearer":
        return hmac.compare_digest((given.token or "").encode(), token.encode())
    hidden = "X-Forwarded-For" in request.headers and not current.web_proxies
    return request.remote_addr in LOOPBACK and not hidden


def as_text(measures: Measures) -> bytes:
    """Write the figures in Prometheus's text format."""
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, value: float | None) -> None:
        if value is not None:
            Gauge(f"orchestrator_{name}", help_text, registry=registry).set(value)

    def by(name: str, label: str, help_text: str, counts: Mapping[str, int]) -> None:
        family = Gauge(f"orchestrator_{name}", help_text, [label], registry=registry)
        for value, count in counts.items():
            family.labels(value).set(count)

    gauge("runs_queued", "Runs that wait.", measures.queued)
    gauge("runs_ready", "Runs that wait for a worker and for nothing else.", measures.ready)
    by("runs_held", "code", "Runs that wait for something else, by what.", measures.held)
    gauge("runs_running", "Runs at work.", measures.running)
    gauge(
        "oldest_ready_age_seconds",
        "Since when the run was due that has waited longest for a worker.",
        measures.oldest_ready_seconds,
    )
    ended = measures.ended_last_hour
    by("runs_ended_last_hour", "state", "Runs that ended in the last hour.", ended)
    gauge("scheduler_tick_age_seconds", "Since the last tick.", measures.tick_age_seconds)
    gauge(
        "broker_epoch_age_seconds",
        "Since the broker began its present life; small after it lost its messages.",
        measures.epoch_age_seconds,
    )
    gauge("workers_seen", "Workers that are alive.", measures.workers)
    gauge("queues_paused", "Queues that are paused.", measures.paused_queues)
    by("deliveries_open", "state", "Deliveries not finished.", measures.open_deliveries)
    gauge(
        "oldest_open_delivery_age_seconds",
        "Since when the delivery was planned that has waited longest to be finished.",
        measures.oldest_delivery_seconds,
    )
    by(
        "deliveries_lost_last_hour",
        "state",
        "Deliveries that failed for good or ended in doubt in the last hour.",
        measures.lost_deliveries_last_hour,
    )
    gauge("incidents_open", "Tasks that are known to fail.", measures.open_incidents)
    gauge(
        "home_free_bytes",
        "Room in the home folder of the machine that serves the pages.",
        measures.free_bytes,
    )
    by("alerts", "state", "Alerts that were not mailed, or not yet.", measures.alerts)
    return generate_latest(registry)
