"""Secrets are kept encrypted; keys can be changed one after the other."""

import pytest

from tasks.encryption import decrypt, encrypt, new_key, rotate
from tasks.errors import Invalid
from tasks.log import known_secrets
from tasks.settings import settings

SECRET = "Şifre-2026 “€”"


@pytest.fixture(autouse=True)
def _in_a_home(home: object) -> None:
    assert home


def use(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENCRYPTION_KEYS", " , ".join(keys))
    settings.cache_clear()


def test_what_is_kept_is_not_the_secret_and_never_twice_the_same() -> None:
    kept = encrypt(SECRET)
    assert SECRET not in kept
    assert kept != encrypt(SECRET)
    assert decrypt(kept) == SECRET


def test_a_new_key_encrypts_and_the_old_ones_still_decrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_key(), new_key()
    use(monkeypatch, old)
    kept = encrypt(SECRET)
    use(monkeypatch, new, old)
    assert decrypt(kept) == SECRET
    rotated = rotate(kept)
    use(monkeypatch, new)
    assert decrypt(rotated) == SECRET
    with pytest.raises(Invalid, match="fits none of the keys"):
        decrypt(kept)
    with pytest.raises(Invalid, match="fits none of the keys"):
        rotate(kept)


def test_what_was_changed_in_the_table_is_not_taken_for_a_secret() -> None:
    kept = encrypt(SECRET)
    for damaged in (kept[:-4] + "AAAA", "nonsense", ""):
        with pytest.raises(Invalid, match="type the password again"):
            decrypt(damaged)


def test_without_a_key_nothing_is_kept_and_the_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch)
    with pytest.raises(Invalid, match="ORCHESTRATOR_ENCRYPTION_KEYS.*orchestrator secrets key"):
        encrypt(SECRET)


@pytest.mark.parametrize(
    "key",
    ["short", new_key()[:-1], new_key() + "A", "ü" * 44],
    ids=["short", "a letter less", "a letter more", "no letters of a key"],
)
def test_a_key_that_is_none_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    use(monkeypatch, new_key(), key)
    with pytest.raises(Invalid, match="ORCHESTRATOR_ENCRYPTION_KEYS: .*secrets key") as refused:
        settings()
    assert key not in str(refused.value)


def test_no_line_of_a_log_shows_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_key(), new_key()
    use(monkeypatch, first, second)
    assert {first, second} <= set(known_secrets(settings()))
    assert first not in repr(settings())
