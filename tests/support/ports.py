"""Ports for the servers of tests, which nobody else on this machine is given by chance.

The kernel gives ports from 32,768 on to whoever connects or asks for any port, also in the moment
between two starts of a server. These lie below, and each process of the tests begins elsewhere.
"""

import itertools
import os

from tasks.stack.ports import is_free

_PLACES = [range(first, first + 1_000) for first in range(10_000, 32_000, 1_000)]
_MINE = os.getpid() % len(_PLACES)
_ports = itertools.cycle(itertools.chain(*_PLACES[_MINE:], *_PLACES[:_MINE]))


def own_port() -> int:
    """Return a port that is free now, and another one each time for as long as there are any."""
    return next(port for port in _ports if is_free(port))
