"""A zip archive written as a stream: one entry open at a time, always the same bytes."""

import struct
from typing import BinaryIO

from isal import isal_zlib

from tasks.errors import ErrorKind, JobError

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
VERSION, FLAGS, DEFLATED = 20, 0, 8
MIDNIGHT, FIRST_DAY = 0, (1 << 5) | 1
"""1980-01-01 00:00 for every entry: the same rows give the same sha256."""
LIMIT = 0xFFFF_FFFF
"""The most bytes of a part, and of the whole, without Zip64, which not every reader knows."""


class Archive:
    """Entries go to the file as they are deflated; a header is corrected when its entry ends."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._central: list[bytes] = []

    def add(self, name: str, content: bytes) -> None:
        self.start(name)
        self.write(content)
        self.finish()

    def start(self, name: str) -> None:
        self._name = name.encode("ascii")
        self._offset = self._file.tell()
        self._size = self._crc = 0
        self._deflate = isal_zlib.compressobj(level=1, wbits=-15)
        self._file.write(self._local_header(packed=0))

    def write(self, content: bytes) -> None:
        self._size += len(content)
        self._crc = isal_zlib.crc32(content, self._crc)
        self._file.write(self._deflate.compress(content))

    def finish(self) -> None:
        self._file.write(self._deflate.flush())
        end = self._file.tell()
        if max(self._size, end) > LIMIT:
            raise JobError(
                "The workbook would be larger than 4 GiB, more than Excel opens. "
                "Narrow the report's parameters, or choose CSV.",
                kind=ErrorKind.RENDER,
            )
        packed = end - self._offset - LOCAL.size - len(self._name)
        self._file.seek(self._offset)
        self._file.write(self._local_header(packed))
        self._file.seek(end)
        self._central.append(self._central_header(packed))

    def close(self) -> None:
        """Write the list of entries; without it no reader takes the file for whole."""
        start, central, count = self._file.tell(), b"".join(self._central), len(self._central)
        self._file.write(central)
        self._file.write(END.pack(b"PK\5\6", 0, 0, count, count, len(central), start, 0))

    def _local_header(self, packed: int) -> bytes:
        fields = (VERSION, FLAGS, DEFLATED, MIDNIGHT, FIRST_DAY, self._crc, packed, self._size)
        return LOCAL.pack(b"PK\3\4", *fields, len(self._name), 0) + self._name

    def _central_header(self, packed: int) -> bytes:
        fields = (VERSION, FLAGS, DEFLATED, MIDNIGHT, FIRST_DAY, self._crc, packed, self._size)
        ends = (len(self._name), 0, 0, 0, 0, 0, self._offset)
        return CENTRAL.pack(b"PK\1\2", VERSION, *fields, *ends) + self._name
