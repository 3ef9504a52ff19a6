"""What is told without a request is told in the language of the installation."""

import pytest

from tasks.alerts import raise_alert
from tasks.catalogue import in_our_language
from tasks.db import reading, transaction
from tasks.models import Alert, AlertKind
from tasks.settings import settings

SENTENCE = "Line {line}, column {column}: a report begins with SELECT or WITH, not with {word}."
WORDS = {"line": "2", "column": "8", "word": "X"}
EN = "Line 2, column 8: a report begins with SELECT or WITH, not with X."
TR = "Satır 2, sütun 8: rapor X ile değil, SELECT veya WITH ile başlar."


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LANGUAGE", language)
    settings.cache_clear()


@pytest.mark.parametrize(("language", "told"), [("en", EN), ("tr", TR)])
def test_a_sentence_is_filled_in_after_it_is_translated(
    home: object, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    speak(monkeypatch, language)
    assert in_our_language(SENTENCE, **WORDS) == told
    assert in_our_language("Nobody translates {what}.", what="this") == "Nobody translates this."


def test_an_alert_is_kept_in_english_and_mailed_in_our_language(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, "tr")
    with transaction() as session:
        silent = AlertKind.SCHEDULER_SILENT
        raise_alert(session, silent, key="1", template=SENTENCE, values=WORDS)
    with reading() as session:
        alert = session.get_one(Alert, 1)
    assert (alert.sentence, alert.mailed_as) == (EN, TR)
