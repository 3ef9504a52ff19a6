"""Sentences of the database, told in the language of the request."""

import re

import pytest
from flask import Flask

from tasks.retold import PLACEHOLDER
from tests.web.conftest import CHECKOUT
from webui.retelling import STORED, told

TURKISH = {"Accept-Language": "tr"}


@pytest.mark.parametrize(
    ("stored", "tr"),
    [
        ("The task is switched off.", "Görev kapalı."),
        ("Cancelled by ayse.", "İptal eden: ayse."),
        (
            "Attempt 1 of 3 failed; it will be tried again.",
            "3 denemeden 1. başarısız oldu; yeniden denenecek.",
        ),
        (
            "Line 2, column 8: No table of this query is called {X}.",
            "Satır 2, sütun 8: Bu sorguda {X} adlı bir tablo yok.",
        ),
        (
            "The setting “url” no longer fits its job: Choose one of these. Edit the task.",
            "“url” ayarı artık işine uymuyor: Bunlardan birini seçin. Görevi düzenleyin.",
        ),
        (
            "a@x.com did not get it: The mail server cannot be reached (Connection refused). "
            "b@x.com did not get it: 550 No such user.",
            "a@x.com almadı: E-posta sunucusuna ulaşılamıyor (Connection refused). "
            "b@x.com almadı: 550 No such user.",
        ),
        (
            "In the company SBO DEMO TR: The source “Logo” is switched off. "
            "Switch it on on its page under Sources.",
            "SBO DEMO TR şirketinde: “Logo” kaynağı kapalı. Kaynaklar altındaki sayfasından açın.",
        ),
        (
            '“Stok” failed at 23.11.2026 22:09. Line 1, column 8: The column "CardNme" does not '
            'exist. Did you mean "CardName"? You hear of it again once it works; until then, look '
            "at its page for what to do.",
            '“Stok” 23.11.2026 22:09 itibarıyla başarısız oldu. Satır 1, sütun 8: "CardNme" sütunu '
            'yok. "CardName" mi demek istediniz? Yeniden çalıştığında haber verilecektir; o zamana '
            "kadar ne yapılacağını çalışmanın sayfasında görebilirsiniz.",
        ),
        ("rows read; now in Demo; Ltd. Şti.", "satır okundu; şu an Demo; Ltd. Şti. şirketinde"),
        ("In the company A: ORA-1: no such table", "A şirketinde: ORA-1: no such table"),
        ("What a database said by itself", "What a database said by itself"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_stored_sentence_is_told_in_the_language_of_the_request(
    app: Flask, stored: str | None, tr: str
) -> None:
    with app.test_request_context(headers=TURKISH):
        assert told(stored) == tr
    with app.test_request_context():
        assert told(stored) == (stored or "")


@pytest.mark.parametrize("template", STORED)
def test_the_engine_still_says_it_so(template: str) -> None:
    longest = max(PLACEHOLDER.split(template), key=len).strip()
    code = " ".join(path.read_text("utf-8") for path in (CHECKOUT / "tasks").rglob("*.py"))
    assert longest in re.sub(r'"\s*\n\s*f?"', "", code)
