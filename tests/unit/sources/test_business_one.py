"""The tables of Business One have names that people know."""

import re

import pytest

from tasks.sources.business_one import _FILE, LANGUAGES, _tables, called
from tests.unit.reports.guard.catalogue import CATALOGUE


@pytest.mark.parametrize(
    ("table", "english", "turkish"),
    [
        ("OINV", "A/R invoice", "Satış faturası"),
        ("INV1", "A/R invoice: rows", "Satış faturası: satırlar"),
        ("POR12", "Purchase order: addresses and tax", "Satın alma siparişi: adresler ve vergi"),
        ("JDT1", "Journal entries: rows", "Yevmiye kayıtları: satırlar"),
        ("@BUTCE", "", ""),
        ("oinv", "", ""),
    ],
)
def test_a_table_is_called_what_people_call_it(table: str, english: str, turkish: str) -> None:
    assert [called(table, language) for language in LANGUAGES] == [english, turkish]


def test_an_unknown_language_is_answered_in_english() -> None:
    assert called("OCRD", "de") == "Business partners"


def test_every_table_of_the_demo_company_has_a_name() -> None:
    own = [table for table in CATALOGUE if not table.startswith("@")]
    assert [table for table in own if not called(table, "tr")] == []


def test_every_line_names_one_table_once_in_both_languages() -> None:
    lines = [line for line in _FILE.read_text("utf-8").splitlines() if line[:1] not in ("", "#")]
    names = [line.split("|")[0].strip() for line in lines]
    assert len(names) == len(set(names))
    for line in lines:
        assert re.fullmatch(r"(?:document |part )?[A-Z0-9]+ \| [^|]+\S \| [^|]+\S", line), line
    assert len(_tables()) > 350
