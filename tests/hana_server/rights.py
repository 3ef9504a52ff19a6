"""Who may come in, and what each may do."""

import threading
from dataclasses import dataclass

from tests.hana_server.catalogue import SYSTEM
from tests.hana_server.errors import HanaError

WRONG_PASSWORDS = 6
"""So many in a row lock the user, as HANA's default policy has it."""
_READABLE_BY_ALL = frozenset({SYSTEM})


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a password; `schemas` is None for whoever may read everything."""

    name: str
    password: str
    may_write: bool = False
    schemas: frozenset[str] | None = None
    must_change_password: bool = False

    def may_read(self, schema: str) -> bool:
        return self.schemas is None or schema in self.schemas | _READABLE_BY_ALL


class Users:
    """Everybody who is known here, and who has mistyped how often."""

    def __init__(self, *users: User) -> None:
        self._initial = {user.name: user for user in users}
        self._known = dict(self._initial)
        self._wrong: dict[str, int] = {}
        self._lock = threading.Lock()

    def all(self) -> list[User]:
        return list(self._known.values())

    def known(self, name: str) -> User | None:
        return self._known.get(name)

    def add(self, user: User) -> None:
        """Add a user, or put one in the place of another of that name."""
        with self._lock:
            self._known[user.name] = user

    def reset(self) -> None:
        """Forget who came later, and every lock."""
        with self._lock:
            self._known = dict(self._initial)
            self._wrong.clear()

    def count(self, name: str, *, right: bool) -> None:
        """Count an attempt to log in; raises HanaError where it does not let the user in."""
        with self._lock:
            if self._wrong.get(name, 0) >= WRONG_PASSWORDS:
                raise HanaError(416, "user is locked; try again later: lock time is 1440 minutes")
            self._wrong[name] = 0 if right else self._wrong.get(name, 0) + 1
        if not right:
            raise HanaError(10, "authentication failed")
        if self._known[name].must_change_password:
            raise HanaError(414, "user is forced to change password: alter password required")
