"""The heartbeat of whoever sends: a delivery is its own as long as it lives, and no longer.

A talk that takes too long is broken off, for a server that answers a byte a minute would keep a
delivery in the middle for ever.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import getLogger
from types import TracebackType

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from tasks.db import db_now, transaction
from tasks.deliveries.claiming import lease
from tasks.models import Delivery, DeliveryState

log = getLogger(__name__)

MOST_SECONDS = 600.0
"""For longer no delivery is sent, however alive its sender is."""


class Lost(Exception):
    """The delivery is another sender's by now."""


class Pulse:
    """Beats in a thread beside the sending; `of` says which delivery is being sent."""

    def __init__(self, *, most_seconds: float = MOST_SECONDS) -> None:
        self._lease = lease()
        self._most = most_seconds
        self._over = threading.Event()
        self._sending: Delivery | None = None
        self._cut: Callable[[], None] = lambda: None
        self._began_at = self._alive_at = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def of(self, delivery: Delivery, cut: Callable[[], None]) -> Iterator[None]:
        """Keep the lease of this delivery, just claimed, while the block runs."""
        self._cut = cut
        self._began_at = self._alive_at = time.monotonic()
        self._sending = delivery
        try:
            yield
        finally:
            self._sending = None

    def check(self) -> None:
        """Raise Lost where the lease may be over: this process stood still for too long."""
        delivery = self._sending
        late = time.monotonic() - self._alive_at > 0.6 * self._lease.total_seconds()
        if delivery is not None and late and not self._extend(delivery):
            raise Lost

    def _beat(self) -> None:
        every = self._lease.total_seconds() / 4
        while not self._over.wait(every):
            delivery = self._sending
            if delivery is None:
                continue
            if time.monotonic() - self._began_at > self._most:
                log.warning("delivery took too long", extra={"delivery_id": delivery.id})
                self._cut()
                continue
            try:
                self._extend(delivery)
            except DBAPIError as error:  # the lease holds for a while yet
                log.warning("delivery could not beat", extra={"why": str(error)})

    def _extend(self, delivery: Delivery) -> bool:
        with transaction() as session:
            mine = session.scalar(
                update(Delivery)
                .where(
                    Delivery.id == delivery.id,
                    Delivery.state == DeliveryState.SENDING,
                    Delivery.tries == delivery.tries,
                )
                .values(lease_until=db_now(self._lease))
                .returning(Delivery.id),
                execution_options={"synchronize_session": False},
            )
        if mine is not None:
            self._alive_at = time.monotonic()
        return mine is not None
