"""Names of files: from a pattern, and harmless whatever a part or a task is called."""

import pytest

from tasks.channels.names import check_pattern, each_once, file_name, numbered
from tasks.errors import Invalid

WORDS = {"task": "overdue", "date": "2026-03-16", "time": "0900", "run": "7"}
MADE = "overdue-2026-03-16-0900.xlsx"


def name_of(pattern: str, *, made: str = MADE, part: str = "") -> str:
    return file_name(pattern, WORDS, made=made, part=part)


@pytest.mark.parametrize(
    ("pattern", "part", "name"),
    [
        ("{name}", "", MADE),
        ("{task}", "", "overdue.xlsx"),
        ("{task}.xlsx", "", "overdue.xlsx"),
        ("{date} {time} {task} ({run})", "", "2026-03-16 0900 overdue (7).xlsx"),
        ("{part} {task}", "North", "North overdue.xlsx"),
        ("{task}", "North", "overdue-North.xlsx"),
        ("Alacaklar {part}", "İstanbul", "Alacaklar İstanbul.xlsx"),
        ("{part}", "", "report.xlsx"),
    ],
)
def test_a_pattern_makes_a_name_and_the_ending_stays(pattern: str, part: str, name: str) -> None:
    assert name_of(pattern, part=part) == name


def test_an_ending_of_two_parts_stays_whole() -> None:
    assert name_of("{task}", made="overdue.csv.gz") == "overdue.csv.gz"
    assert numbered("overdue.csv.gz", 2) == "overdue (2).csv.gz"


@pytest.mark.parametrize(
    "part",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".",
        "\\\\server\\share",
        "C:\\Windows",
        "a\0b",
        "a\nb",
        "a\x1b[2Jb",
        "a\u202egpj.exe",
        "a\u200bb",
        "a\ufeffb",
        "a\ud800b",
        "CON",
        "prn",
        "COM1",
        "lpt¹",
        "nul.txt",
        "aux ",
        "name.",
        "name ",
        " name",
        ".hidden",
        "=cmd|'/c calc'!A1",
        "+1",
        "-rf",
        "@SUM(A1)",
        "~lock",
        "a:b",
        "a*?b",
        '<a>|"b"',
        "x" * 300,
        "ş" * 300,
        "e\u0301",
        "   ",
        "{name}",
        "{run.__class__}",
        "%n%s",
        "$(id)",
    ],
)
def test_a_hostile_part_becomes_the_name_of_one_plain_file(part: str) -> None:
    for pattern in ("{part}", "{part}{part}", "{task}"):
        name = name_of(pattern, part=part)
        stem = name.removesuffix(".xlsx")
        assert name.endswith(".xlsx")
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name.isprintable()
        assert name.encode().decode() == name
        assert len(name.encode()) <= 180
        assert stem == stem.strip(" .")
        assert stem[0] not in "=+-@~."
        assert stem.lower() not in {"con", "prn", "aux", "nul", "com1", "lpt¹"}


def test_two_parts_never_get_the_same_name() -> None:
    parts = ["A/B", "A:B", "A-B", "A\0B", "é", "e\u0301", "x" * 300, "x" * 301, " A", "A", "A."]
    for pattern in ("{part}", "{task}", "{part}-{task}"):
        assert len({name_of(pattern, part=one) for one in parts}) == len(parts)


def test_files_of_one_delivery_never_get_the_same_name() -> None:
    assert each_once(["a.xlsx", "a.xlsx", "a.xlsx"]) == ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]
    assert each_once(["a.xlsx", "a (2).xlsx", "a.xlsx"]) == ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{title}", "There is no placeholder {title}. Known: {task}, {date}"),
        ("{run.__class__}", "There is no placeholder {run.__class__}."),
        ("{name!r}", "There is no placeholder {name!r}."),
        ("{}", "There is no placeholder {}."),
        ("{name", "A brace of “{name” has no partner."),
        ("name}", "has no partner"),
        ("{{name}}", "has no partner"),
        ("../{name}", "without slashes"),
        ("out/{name}", "without slashes"),
        ("C:\\{name}", "without slashes"),
        ("{name}\n", "without slashes"),
        ("{name}\u202e", "without slashes"),
        ("{name}?", "without slashes"),
    ],
)
def test_a_pattern_that_is_none_is_refused_in_words(pattern: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_pattern(pattern, field="name")
    assert said in refused.value.message
    assert refused.value.field == "name"
