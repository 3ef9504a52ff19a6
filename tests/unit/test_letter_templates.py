"""Templates of a mail: what can be written, and that what cannot is refused at once."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tasks.errors import Invalid, JobError
from tasks.reports.figures import Figure, Figures
from tasks.reports.letter import check_template, filling, one_line, several_lines
from tasks.reports.mail.words import Before, Words
from tasks.reports.render.layout import Language
from tasks.rows import ColumnKind

DAY = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def figures(total: str, rows: int = 1_234) -> Figures:
    amount = Decimal(total)
    numbers = Figure(ColumnKind.DECIMAL, rows, amount, Decimal(-1), Decimal("2.5"), scale=6)
    days = Figure(ColumnKind.DATE, rows, None, DAY.date(), DAY.date())
    empty = Figure(ColumnKind.DECIMAL, 0, Decimal(0))
    return Figures(rows, {"Balance": numbers, "Due": days, "Empty": empty})


WORDS = Words(
    title="Açık faturalar",
    meant_for=DAY,
    figures=figures("1234567.5"),
    rows=1_234,
    files="a.xlsx",
    part="Ankara",
    before=Before(figures("1000000"), datetime(2026, 2, 28, tzinfo=UTC)),
)
FIRST = Words(title="x", meant_for=DAY, figures=figures("5"), rows=0)


def filled(text: str, words: Words = WORDS, language: Language = Language.TURKISH) -> str:
    check_template(text, field="text")
    return filling(text, language=language, field="text")(words)


@pytest.mark.parametrize(
    ("text", "turkish", "english"),
    [
        ("{{ title }}: {{ rows }}", "Açık faturalar: 1.234", "Açık faturalar: 1,234"),
        ("{{ date }} {{ time }}", "31.03.2026 09:30", "2026-03-31 09:30"),
        ('{{ total("Balance") }}', "1.234.567,50", "1,234,567.50"),
        ('{{ total("Balance")|number }}', "1.234.568", "1,234,568"),
        ('{{ total("Balance")|number(1) }}', "1.234.567,5", "1,234,567.5"),
        ('{{ least("Balance")|abs }}', "1,00", "1.00"),
        ('{{ largest("Due") }}', "31.03.2026", "2026-03-31"),
        ('{{ count("Due") }}', "1.234", "1,234"),
        ('{{ least("Empty") }}', "–", "–"),
        ('{{ change("Balance") }}', "234.567,50", "234,567.50"),
        ('{{ change_percent("Balance") }} %', "23,5 %", "23.5 %"),
        ('{{ before.total("Balance") }}', "1.000.000,00", "1,000,000.00"),
        ("{{ before.date }}: {{ before.rows }}", "28.02.2026: 1.234", "2026-02-28: 1,234"),
        ('{{ total("Balance") / rows }}', "1.000,459887", "1,000.459887"),
        ('{{ (total("Balance") - 7.5) * 2 }}', "2.469.120,00", "2,469,120.00"),
        ('{{ rows / total("Empty") }}', "–", "–"),
        ('{{ -total("Balance") + rows }}', "-1.233.333,50", "-1,233,333.50"),
        ("{% if rows > 1000 %}çok{% elif rows %}az{% else %}yok{% endif %}", "çok", "çok"),
        ("{{ 'a' if part == 'Ankara' and not link else 'b' }}", "a", "a"),
        ("{{ link|default('yok') }}", "yok", "yok"),
        ("{# kendime #}{% raw %}{{ x }}{% endraw %}{{ rows }}", "{{ x }}1.234", "{{ x }}1,234"),
    ],
)
def test_words_and_figures_are_written_as_the_reader_writes_them(
    text: str, turkish: str, english: str
) -> None:
    assert filled(text) == turkish
    assert filled(text, language=Language.ENGLISH) == english


def test_a_line_with_only_a_tag_leaves_no_empty_line() -> None:
    text = "a\n{% if rows %}\nb\n  {% endif %}  \nc\n{% if rows %}d{% endif %}\n\ne"
    assert filled(text) == "a\nb\nc\nd\n\ne"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{{ before.total("Balance") }}', "–"),
        ('{{ change("Balance") }} {{ change_percent("Balance") }}', "– –"),
        ('{% if change("Balance") > 0 %}more{% endif %}', ""),
        ('{% if before.rows != rows %}more{% endif %}', ""),
        ('{{ change("Balance") + 1 }} {{ change("Balance")|number(2) }}', "– –"),
        ('{{ before.date|default("ilk") }}{% if before %}!{% endif %}', "ilk"),
    ],
)  # fmt: skip
def test_the_first_run_has_nothing_to_compare_with(text: str, told: str) -> None:
    assert filled(text, FIRST) == told


HOSTILE: Sequence[str] = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ title.__class__ }}",
    "{{ title.upper() }}",
    "{{ title['__class__'] }}",
    "{{ title|attr('__class__') }}",
    "{{ before.__class__ }}",
    "{{ before.__init__.__globals__ }}",
    "{{ before['total'] }}",
    "{{ before.total.__globals__ }}",
    "{{ total.__globals__ }}",
    "{{ total('x').__class__ }}",
    "{{ (total)('x')('y') }}",
    "{{ config }}",
    "{{ request.application }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ dict() }}",
    "{{ range(10) }}",
    "{% for x in range(1000000000) %}x{% endfor %}",
    "{% for a in title %}{% for b in title %}x{% endfor %}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base.html' %}",
    "{% block x %}{% endblock %}",
    "{% macro x() %}{{ x() }}{% endmacro %}{{ x() }}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% set rows = 1 %}",
    "{% set x %}y{% endset %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% do x %}",
    "{{ 'a' * 1000000000 }}",
    "{{ title * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 9 ** 999999999 }}",
    "{{ 9 // 0 }}",
    "{{ 'a' % 1000000000 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ title ~ title }}",
    "{{ title|center(1000000000) }}",
    "{{ title|map('upper') }}",
    "{{ title|list }}",
    "{{ title|indent(1000000000) }}",
    "{{ rows|number(1000000000) }}",
    "{{ rows|number(-1) }}",
    "{{ rows|number(rows) }}",
    "{{ rows|number(decimals=2) }}",
    "{{ rows|number(*title) }}",
    "{{ rows|default(rows) }}",
    "{{ total(title) }}",
    "{{ total('a', 'b') }}",
    "{{ total(name='a') }}",
    "{{ total(**before) }}",
    "{{ total }}",
    "{{ title + title }}",
    "{{ -title }}",
    "{{ rows < title }}",
    "{{ 'a' if rows }}",
    "{{ rows is defined }}",
    "{{ 'a' in title }}",
    "{{ title[0:1] }}",
    "{{ (1, 2) }}",
    "{{ {'a': 1} }}",
    "{{ none }}",
    "{{ loop }}",
    "{{ tilte }}",
    "{{",
    "{% if %}",
    "{% if rows %}",
    "{{ rows }} {% endif %}",
    "{title} {{ rows }}",
    "{{ " + "(" * 9_000 + "1" + ")" * 9_000 + " }}",
    "{{ " + "-" * 9_000 + "1 }}",
    "{{ " + "not " * 200 + "1 }}",
    "{{ " + "9" * 5_000 + " }}",
    "{{ 1" + "+1" * 9_000 + " }}",
    "{{ 1" + " and 1" * 3_000 + " }}",
    "{{ rows" + "|abs" * 4_000 + " }}",
    "{{ before" + ".rows" * 3_000 + " }}",
    "{{ total" + "('a')" * 3_000 + " }}",
    "{% if rows %}" * 200 + "{% endif %}" * 200,
    "{{ rows }}" * 3_000,
    "{{ '\n{% raw %}\n' }}{% for x in title %}{% endfor %}{{ '{% endraw %}' }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_more_than_words_and_figures_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        filled(text)
    assert refused.value.field == "text"
    assert time.process_time() - began < 1.5


def test_a_long_text_ends_where_a_mail_ends() -> None:
    words = Words(title="x", meant_for=DAY, parameters="y" * 60_000)
    assert len(filled("{{ parameters }}", words)) == 60_000
    with pytest.raises(Invalid, match="more than 100,000 letters"):
        filled("{{ parameters }}{{ parameters }}", words)


def test_what_is_wrong_is_told_with_its_line_and_what_is_known() -> None:
    with pytest.raises(Invalid) as refused:
        check_template("Merhaba\n{{ tilte }}", field="text")
    assert refused.value.message.startswith("Line 2: there is no “tilte”. Known: title, date,")
    with pytest.raises(Invalid, match=r"Write \{\{ rows \}\} instead of \{rows\}"):
        check_template("{{ title }}: {rows}", field="text")
    with pytest.raises(Invalid, match="Line 1: “for” cannot stand in a mail"):
        check_template("{% for a in b %}{% endfor %}", field="text")


def test_a_column_that_the_query_does_not_give_is_told_by_the_run() -> None:
    check_template('{{ total("Saldo") }}', field="text")
    with pytest.raises(JobError, match="no column “Saldo” in the result. The query gives: Balance"):
        filled('{{ total("Saldo") }}')


def test_the_braces_of_a_value_do_nothing() -> None:
    words = Words(title="{{ rows }} {rows} {% for %}", meant_for=DAY, rows=7)
    assert filled("{{ title }}", words) == words.title
    assert filled("{title}", words) == words.title


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("a\r\nBcc: thief@example.com", "a Bcc: thief@example.com"),
        ("a\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a b c d e f g h"),
        ("nul\0 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("fdp\u202excod.exe", "fdpxcod.exe"),
        ("\u2066a\u2069\u200eb\u061c", "ab"),
        ("half \ud83d letter", "half letter"),
        ("  a  " + "b" * 500, "a " + "b" * 298),
    ],
)
def test_no_value_gets_out_of_the_line_of_a_subject(value: str, subject: str) -> None:
    words = Words(title=value, meant_for=DAY)
    assert one_line(filled("{{ title }}", words)) == subject
    assert one_line(filled("{title}", words)) == subject


def test_the_lines_of_a_text_stay_and_its_signs_of_control_go() -> None:
    assert several_lines("a\r\nb\rc\n\td\0\x1b\u202e") == "a\nb\nc\n\td"
