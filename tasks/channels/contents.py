"""The bytes of a file that a channel passes on, checked against what was kept of them."""

import hashlib
from collections.abc import Iterator

from tasks.channels.errors import Refused
from tasks.keeping.stores import opened
from tasks.models import Artifact

Chunks = Iterator[bytes]
CHUNK = 262_144


def chunks_of(artifact: Artifact) -> Chunks:
    """Yield the bytes of a file; raises Refused in the end where they are not what was made.

    Raises NotFound where the file is gone, and StoreAway, an Unreachable.
    """
    digest = hashlib.sha256()
    with opened(artifact) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != artifact.sha256:
        raise Refused("The kept file “{name}” is not the one that was made.", name=artifact.name)
