"""The set of known keys, and the hash of a key."""

from hashlib import blake2b

from tasks.reports.kept.keys import REST_BYTES, KnownKeys, key_hashes


def test_a_set_knows_what_was_added_and_nothing_else() -> None:
    hashes = [blake2b(bytes([n % 256, n // 256]), digest_size=16).digest() for n in range(3_000)]
    known = KnownKeys()
    for one in hashes[:2_000]:
        known.add(one)
        known.add(one)
    assert all(one in known for one in hashes[:2_000])
    assert not any(one in known for one in hashes[2_000:])


def test_bytes_that_lie_across_two_keys_are_no_key() -> None:
    known = KnownKeys()
    first, second = b"ab" + bytes(range(14)), b"ab" + bytes(range(100, 114))
    known.add(first)
    known.add(second)
    across = (first[2:] + second[2:])[1 : REST_BYTES + 1]
    assert b"ab" + across not in known
    known.add(b"ab" + across)
    assert b"ab" + across in known


def test_keys_of_other_texts_have_other_hashes() -> None:
    keys = [("a", "b"), ("ab", ""), ("", "ab"), ("ab", None), (None, "ab"), ("a', 'b", "")]
    hashes = list(key_hashes([[one for one, _other in keys], [other for _one, other in keys]]))
    assert len(set(hashes)) == len(keys)
