"""Subject and text of a mail as a template: `{{ total("Balance") }}`, `{% if rows > 0 %}`."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal, localcontext
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import Context as Scope
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tasks.errors import Invalid
from tasks.reports.exact import exact
from tasks.reports.mail.allowed import check_nodes
from tasks.reports.mail.unknown import UNKNOWN, Unknown
from tasks.reports.render.layout import Language
from tasks.reports.written import NOTHING, moment_written, number_written

LONGEST_TEMPLATE = 20_000
LONGEST_TEXT = 100_000
OLD_WORD = re.compile(r"(?<!\{)\{(title|date|time|rows|files|parameters)\}(?!\})")
ONLY_A_TAG = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n", re.MULTILINE)
"""A line with nothing but `{% if … %}` leaves no empty line in the mail."""
CALCULATING = Context(prec=60, traps=[])
"""Enough for any sum of money; what cannot be said as a number, as x / 0, is unknown."""

Number = Decimal | int | float


class MailTemplate:
    """A template that was found harmless; it can be filled in for many recipients."""

    def __init__(self, template: Template, *, field: str) -> None:
        self._template, self._field = template, field

    def filled(self, words: Mapping[str, object]) -> str:
        """Return the text; raises Invalid where it calculates with what is no number."""
        pieces, length = [], 0
        try:
            for piece in self._template.generate(words):
                length += len(piece)
                if length > LONGEST_TEXT:
                    raise Invalid(
                        "The mail would have more than {most} letters. Shorten its text.",
                        field=self._field,
                        most=f"{LONGEST_TEXT:,}",
                    )
                pieces.append(piece)
        except TypeError as error:
            raise Invalid(
                "The text of the mail calculates with a text, or compares a text with a number. "
                "Use {example} only with numbers.",
                field=self._field,
                example="+ - * / < >",
            ) from error
        return "".join(pieces)


def compiled(text: str, *, language: Language, field: str) -> MailTemplate:
    """Return the template; raises Invalid with the line of what cannot stand there."""
    environment = _Sandbox(language)
    _check(environment, text, field)
    lines = ONLY_A_TAG.sub(r"\1", text)
    _check(environment, lines, field)  # what is compiled is checked
    return MailTemplate(environment.from_string(lines), field=field)


def _check(environment: "_Sandbox", text: str, field: str) -> None:
    """Raise Invalid for what may not stand there; depth first, which bounds what comes after."""
    tree = _parsed(environment, text, field)
    check_nodes(tree, field=field)
    _refuse_old_words(tree, field)


def _parsed(environment: "_Sandbox", text: str, field: str) -> nodes.Template:
    if len(text) > LONGEST_TEMPLATE:
        raise Invalid(
            "The text has more than {most} letters. Shorten it.",
            field=field,
            most=f"{LONGEST_TEMPLATE:,}",
        )
    try:
        return environment.parse(text)
    except TemplateSyntaxError as error:
        raise Invalid(
            "Line {line}: this cannot be read: {problem}.",
            field=field,
            line=error.lineno,
            problem=(error.message or "").rstrip("."),
        ) from error
    except (RecursionError, ValueError) as error:
        raise Invalid(
            "The text has too many brackets or too long a number. Write it simpler.", field=field
        ) from error


def _refuse_old_words(tree: nodes.Template, field: str) -> None:
    """Both ways of writing in one text would leave the old words as they stand, unseen."""
    for one in tree.find_all(nodes.TemplateData):
        if found := OLD_WORD.search(one.data):
            raise Invalid(
                "Write {new} instead of {old}: a text with double braces has only those.",
                field=field,
                new=f"{{{{ {found[1]} }}}}",
                old=found[0],
            )


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with no functions, tests and filters but ours; arithmetic takes numbers only."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, language: Language) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,
            finalize=lambda value: _written(value, language),
            keep_trailing_newline=True,
        )
        self.globals, self.tests = {}, {}
        self.filters = {
            "number": lambda value, decimals=0: _number(value, language, decimals),
            "default": lambda value, other: other if _is_empty(value) else value,
            "abs": lambda value: _calculated("-", 0, value) if value < 0 else value,
        }

    def call_binop(self, context: Scope, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        return _calculated(operator, left, right)

    def call_unop(self, context: Scope, operator: str, arg: Any) -> Any:  # noqa: ARG002
        return _calculated(operator, 0, arg)


def _calculated(operator: str, left: object, right: object) -> Decimal | Unknown:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    first, second = _as_number(left), _as_number(right)
    with localcontext(CALCULATING):
        match operator:
            case "+":
                result = first + second
            case "-":
                result = first - second
            case "*":
                result = first * second
            case "/":
                result = first / second
            case _:
                raise TypeError(operator)
    return result if result.is_finite() else UNKNOWN


def _as_number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Number):
        raise TypeError("not a number")
    return exact(value)


def _number(value: object, language: Language, decimals: int) -> str:
    if isinstance(value, Unknown):
        return NOTHING
    return number_written(_as_number(value), language, decimals=decimals)


def _is_empty(value: object) -> bool:
    return isinstance(value, Unknown) or value == ""


def _written(value: object, language: Language) -> str:
    """A value of an expression as the mail shows it."""
    if isinstance(value, Unknown):
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, Number):
        return number_written(exact(value), language)
    return moment_written(value, language) if hasattr(value, "isoformat") else str(value)  # type: ignore[arg-type]
