"""What somebody typed, for a page that lets them send it again."""

import re
from dataclasses import dataclass
from typing import Self

from flask import request

SECRET = re.compile(r"passw|secret|^csrf_token$", re.I)


@dataclass(frozen=True, slots=True)
class KeptInput:
    """The fields of a refused request and the address that they were meant for."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_request(cls) -> Self | None:
        """Return what this request holds; None where it holds nothing that we may offer again.

        A request from another site is not offered: our page would make it look like the user's.
        """
        came_from = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method != "POST" or came_from != "same-origin":
            return None
        typed = tuple(
            (name, value)
            for name, value in request.form.items(multi=True)
            if not SECRET.search(name)
        )
        return cls(request.full_path if request.query_string else request.path, typed)
