"""The mail that a new report begins with: the usual words, to which sums can be added."""

from datetime import UTC, datetime

import pytest

from tasks.reports.letter import filling
from tasks.reports.mail.trying import made_up
from tasks.reports.render import Language
from webui.tasks.report_settings import NEW_SUBJECT, NEW_TEXTS


def read(text: str, language: Language) -> str:
    words = made_up("Balances", datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    return filling(text, language=language, field="text")(words)


def test_a_new_report_in_turkish_says_its_words_in_turkish() -> None:
    assert read(NEW_SUBJECT, Language.TURKISH) == "Balances – 02.03.2026"
    lines = read(NEW_TEXTS[Language.TURKISH], Language.TURKISH).splitlines()
    assert lines[0].startswith("Balances, 02.03.2026 ")
    assert lines[1:3] == ["Satır: 1.234", "Dosyalar: report.xlsx"]


@pytest.mark.parametrize("language", list(Language))
def test_a_sum_can_stand_beside_the_words_that_are_there(language: Language) -> None:
    text = NEW_TEXTS[language] + '{{ total("Balance") }}'
    assert read(text, language).splitlines()[-1].strip("0123456789.,") == ""
