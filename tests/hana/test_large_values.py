"""Values of two megabytes come and go in pieces."""

from typing import Any

import pytest

from tests.hana.conftest import Connect
from tests.support.hana import Hana

TEXT = "Şu uzun metin 😀 satır sonu\n" * 80_000
BYTES = bytes(range(256)) * 8_200


@pytest.mark.parametrize(("kind", "value"), [("NCLOB", TEXT), ("BLOB", BYTES)])
def test_two_megabytes_come_back_as_they_were_sent(
    cursor: Any, hana: Hana, kind: str, value: str | bytes
) -> None:
    cursor.execute(f"CREATE TABLE T (V {kind})")
    cursor.execute("INSERT INTO T VALUES (?)", [value])

    cursor.execute("SELECT V FROM T")
    found = cursor.fetchone()[0]

    assert (bytes(found) if kind == "BLOB" else found) == value
    counts = hana.status().counts
    assert counts["write_lob"] > 0
    assert counts["read_lob"] > 0


def test_a_large_value_is_read_piece_by_piece(hana: Hana, connect: Connect) -> None:
    hana.run('CREATE TABLE "SCRATCH"."L" ("V" VARCHAR)')
    hana.run('COMMENT ON COLUMN "SCRATCH"."L"."V" IS \'NCLOB\'')
    hana.run('INSERT INTO "SCRATCH"."L" SELECT repeat(\'ağ😀\', 300000)')
    cursor = connect(currentSchema="SCRATCH").cursor()
    cursor.execute("SELECT V FROM L")

    large = cursor.fetchone(True)[0]

    assert large.read(4) == "ağ😀"
    assert hana.status().counts.get("read_lob", 0) == 0
    assert large.read(4_000) == "ağ😀" * 1_000
    assert hana.status().counts["read_lob"] == 1


def test_the_long_texts_of_business_one_are_large_values(reader: Any) -> None:
    reader.execute('SELECT "QString" FROM OUQR WHERE "IntrnalKey" = 1')

    assert reader.description[0][1] == 26
    assert str(reader.fetchone()[0]).startswith("SELECT")
