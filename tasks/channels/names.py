"""The names that files get where a channel puts them: from a pattern, and harmless anywhere."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from tasks.errors import Invalid

PLACEHOLDERS = ("task", "date", "time", "part", "name", "run")
USUAL_PATTERN = "{name}"
LONGEST_PATTERN = 150
LONGEST_NAME = 180
"""Bytes: below the 255 of every file system, with room for a number behind it."""
SUFFIXES = (".csv.gz", ".tar.gz")
"""Endings of two parts."""
LONGEST_SUFFIX = 12

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]+')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)
"""What Windows takes for a device, with whatever ending."""
_LEADING = "=+-@~"
"""A sheet that lists names would take these for a formula, a shell for an option."""


def check_pattern(pattern: str, *, field: str) -> str:
    """Return the pattern; raises Invalid where it is a path or names an unknown placeholder."""
    for name in _PLACEHOLDER.findall(pattern):
        if name not in PLACEHOLDERS:
            raise Invalid(
                "There is no placeholder {{{name}}}. Known: {known}.",
                field=field,
                name=name,
                known=", ".join(f"{{{known}}}" for known in PLACEHOLDERS),
            )
    rest = _PLACEHOLDER.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise Invalid("A brace of “{given}” has no partner.", field=field, given=pattern[:60])
    if clean(rest) != unicodedata.normalize("NFC", rest):
        raise Invalid(
            'Write the name of a file without slashes, and without any of : * ? " < > |.',
            field=field,
        )
    return pattern


def file_name(pattern: str, words: Mapping[str, str], *, made: str, part: str = "") -> str:
    """Return the name for the file that the run calls `made`; it keeps the ending of that.

    `words` fill the placeholders beside {name} and {part}. The part is put behind the name where
    the pattern does not say where, so that two parts never get the same name.
    """
    suffix = suffix_of(made)
    known = dict(words) | {"name": made.removesuffix(suffix), "part": part_word(part)}
    if part and "{part}" not in pattern:
        pattern += "-{part}"
    stem = _PLACEHOLDER.sub(lambda match: known.get(match.group(1), ""), pattern)
    return _bounded(harmless(stem.removesuffix(suffix)), suffix)


def numbered(name: str, number: int) -> str:
    """Return the name with a number before its ending."""
    suffix = suffix_of(name)
    return f"{name.removesuffix(suffix)} ({number}){suffix}"


def suffix_of(name: str) -> str:
    """Return the ending of a file's name, with its dot; empty for none."""
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return suffix
    suffix = PurePath(name).suffix
    return suffix if len(suffix) <= LONGEST_SUFFIX and suffix.isascii() else ""


def part_word(part: str) -> str:
    """Return a part as a piece of a name; two different ones stay different."""
    word = harmless(part) if part else ""
    if word == part and len(part.encode()) <= LONGEST_NAME // 2:
        return part
    mark = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_cut(word, LONGEST_NAME // 2)}-{mark}"


def harmless(text: str) -> str:
    """Return the text as the name of a file, without its ending, that does nothing anywhere."""
    name = clean(text).strip().strip(".").strip()
    if not name:
        return "report"
    return f"_{name}" if name[0] in _LEADING or _RESERVED.fullmatch(name) else name


def plain(text: str) -> str:
    """Return the text on one line, with a space for whatever cannot be seen."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def clean(text: str) -> str:
    """Return the text without what steers a screen or a file system, normalised."""
    plain = "".join(one for one in unicodedata.normalize("NFC", text) if not _steers(one))
    return _FORBIDDEN.sub("-", plain)


def each_once(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that stands there already."""
    found: list[str] = []
    for name in names:
        number, free = 2, name
        while free in found:
            free, number = numbered(name, number), number + 1
        found.append(free)
    return found


def _steers(character: str) -> bool:
    """Whether it is a control, a mark of direction, half a character or of a private use."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _bounded(stem: str, suffix: str) -> str:
    return harmless(_cut(stem, LONGEST_NAME - len(suffix.encode()))) + suffix


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore")
