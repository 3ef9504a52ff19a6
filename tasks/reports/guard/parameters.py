"""The parameters that a text names: `:name`, and Business One's `[%0]` and `$[…]`."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from tasks.errors import mark
from tasks.reports import binding
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.sql_text import Token

_FORM = re.compile(r"\[%\w+\]")


def named(sql: str, tokens: list[Token]) -> tuple[str, ...]:
    """The parameters in the order of their first use, each once; a text may hold `[%0]` too."""
    ours = binding.names_in(sql)
    return tuple(dict.fromkeys([*ours, *_of_business_one(tokens)]))


def unknown(tokens: list[Token], known: Collection[str]) -> Iterator[Fault]:
    """Yield the parameters that are not among the known ones."""
    for colon, name in pairwise(tokens):
        is_parameter = colon.text == ":" and name.sort == "word" and colon.end == name.start
        if is_parameter and name.text not in known:
            template = mark("The parameter :{name} is not defined; define it or remove it.")
            yield fault(colon.start, template, name=name.text)


def _of_business_one(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.sort == "form":
            yield token.text
        elif token.sort == "text":
            yield from _FORM.findall(token.text)
