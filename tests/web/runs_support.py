"""What the tests of runs share: events, deliveries, files and logs."""

import hashlib
import re
from html import unescape
from typing import Any

from tasks.db import transaction
from tasks.models import Artifact, Attempt, Delivery, DeliveryState, Run, RunEvent, RunState
from tasks.runs.files import attempt_folder, attempt_log_path
from tasks.settings import settings

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def poll_of(page: str, element: str) -> str:
    """Return the address by which an element of the page asks for itself anew."""
    found = re.search(rf'id="{element}"[^>]*hx-get="([^"]+)"', page)
    assert found is not None, f"{element} does not poll"
    return unescape(found[1])


def an_event(run: Run, state: RunState | None = None) -> int:
    """Write that the run changed; with a state, change it too. Returns the version."""
    with transaction() as session:
        if state is not None:
            session.get_one(Run, run.id).state = state
        happened = RunEvent(run_id=run.id, state=state or run.state, attempt=run.attempt)
        session.add(happened)
    return happened.id


def a_delivery(run: Run, **values: Any) -> Delivery:
    """Save a delivery of the run, queued unless `state` says otherwise."""
    row = {"recipient": "ayse@example.com", "message_id": "<1@test>", "state": DeliveryState.QUEUED}
    with transaction() as session:
        delivery = Delivery(run_id=run.id, **(row | values))
        session.add(delivery)
    return delivery


def a_file(
    run: Run, name: str = "report.csv", *, content: bytes = b"a;b\n", **values: Any
) -> Artifact:
    """Save a file of the run's last attempt, on the disk too."""
    folder = attempt_folder(run.id, run.attempt)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    row = {
        "attempt": run.attempt,
        "name": name,
        "path": str((folder / name).relative_to(settings().artifacts_dir)),
        "media_type": "text/csv",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with transaction() as session:
        artifact = Artifact(run_id=run.id, **(row | values))
        session.add(artifact)
    return artifact


def an_attempt(run: Run, number: int = 1, *, log: str = "", **values: Any) -> Attempt:
    """Save an attempt of the run, with its log."""
    path = attempt_log_path(run.id, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(log, "utf-8")
    row = {"number": number, "worker": "worker-1", "started_at": run.queued_at}
    with transaction() as session:
        attempt = Attempt(run_id=run.id, **(row | values))
        session.add(attempt)
    return attempt
