"""The figures as Prometheus reads them."""

import hmac
from collections.abc import Iterable

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

    def by_state(name: str, help_text: str, counts: Iterable[tuple[str, int]]) -> None:
        family = Gauge(f"orchestrator_{name}", help_text, ["state"], registry=registry)
        for state, count in counts:
            family.labels(state).set(count)

    gauge("runs_queued", "Runs that wait.", measures.queued)
    gauge("runs_running", "Runs at work.", measures.running)
    gauge(
        "oldest_queued_age_seconds",
        "Since when the oldest one waits.",
        measures.oldest_queued_seconds,
    )
    by_state(
        "runs_ended_last_hour",
        "Runs that ended in the last hour.",
        measures.ended_last_hour.items(),
    )
    gauge("scheduler_tick_age_seconds", "Since the last tick.", measures.tick_age_seconds)
    gauge("workers_seen", "Workers that are alive.", measures.workers)
    by_state("deliveries_open", "Deliveries not finished.", measures.open_deliveries.items())
    return generate_latest(registry)
