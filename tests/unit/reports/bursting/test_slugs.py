"""The word of a part in the name of a file."""

import re

import pytest

from tasks.reports.bursting.slugs import LONGEST, slugs_of

HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "/",
    "\\\\server\\share",
    "C:\\Windows",
    "CON",
    "nul.txt",
    "a\0b",
    "a\nb",
    "a\r\nBcc: x",
    "x" * 300,
    "ğüşıöçĞÜŞİÖÇ",
    "‮gpj.exe",
    "北京",
    "=cmd|' /C calc'!A0",
    "~root",
    "$(rm -rf /)",
    "a/b",
    "-rf",
    " ",
    "trailing. ",
    "😀",
    "%2e%2e%2f",
    "<script>",
]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_word_is_safe_on_every_system(key: str) -> None:
    word = slugs_of([key])[key]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word)
    assert len(word) <= LONGEST


def test_equal_words_are_numbered_and_stay_apart_from_what_looks_like_a_number() -> None:
    keys = ["A", "a ", "a-2", "İ", "i", "北京", "😀"]
    words = slugs_of(keys)
    assert len(set(words.values())) == len(keys)
    assert words["A"] == "a"


def test_hostile_keys_all_together_have_words_of_their_own() -> None:
    assert len(set(slugs_of(HOSTILE).values())) == len(HOSTILE)
