"""Words laid out as a query: a clause a line; what does not fit is broken where people break it."""

from collections.abc import Iterable, Sequence

from tasks.reports.formatting.clauses import Clause, Shape, clauses_of
from tasks.reports.formatting.groups import Group, tree_of, words_in
from tasks.reports.formatting.page import Page
from tasks.reports.formatting.parts import (
    Part,
    branches_in,
    conditions_in,
    entries_in,
    joined_on,
    outcome_of,
    window_parts_in,
)
from tasks.reports.formatting.spacing import fit_on_one_line
from tasks.reports.formatting.words import Word

STEP = 2
SHORT_QUERY = 60
"""A query within a query stays on the line up to so many letters."""

Node = Word | Group


def laid_out(words: Iterable[Word]) -> str:
    """Return the text; its words are those given, in their order."""
    page = Page()
    _write_query(page, tree_of(words), 0)
    return page.text


def _write_query(page: Page, nodes: Sequence[Node], indent: int) -> None:
    for clause in clauses_of(nodes):
        page.turn(indent)
        _write(page, clause.lead, indent)
        page.turn(indent)
        _write_clause(page, clause, indent)


def _write_clause(page: Page, clause: Clause, indent: int) -> None:
    _write(page, clause.head, indent)
    if clause.shape is Shape.UNION:
        page.turn(indent)
    if clause.shape is not Shape.WITH and _fits(clause.body, page.room):
        _write(page, clause.body, indent)
        return
    first, *others = _parts(clause)
    inner = indent if clause.shape is Shape.WITH else indent + STEP
    if clause.shape is Shape.LIST:
        page.turn(inner)
        _write(page, first, inner)
    else:
        _write(page, first, indent)
    _write_lines(page, others, inner)


def _parts(clause: Clause) -> list[Part]:
    """The clause's body, cut where its lines end."""
    match clause.shape:
        case Shape.LIST | Shape.TABLES | Shape.WITH:
            return entries_in(clause.body)
        case Shape.CONDITION:
            return conditions_in(clause.body)
        case Shape.JOIN:
            table, condition = joined_on(clause.body)
            return [table, *conditions_in(condition)]
        case Shape.WORDS | Shape.UNION:
            return [clause.body]


def _write_lines(page: Page, parts: Iterable[Part], indent: int) -> None:
    for part in parts:
        page.turn(indent)
        _write(page, part, indent)


def _write(page: Page, nodes: Sequence[Node], indent: int) -> None:
    for node in nodes:
        if isinstance(node, Word):
            page.write(node, indent)
        elif node.is_case:
            _write_case(page, node, indent)
        else:
            _write_group(page, node, indent)


def _write_group(page: Page, group: Group, indent: int) -> None:
    if _fits([group], min(page.room, SHORT_QUERY) if group.is_query else page.room):
        _write_words(page, words_in([group]), indent)
        return
    inner = indent + STEP
    page.write(group.first, indent)
    page.turn(inner)
    if group.is_query:
        _write_query(page, group.nodes, inner)
    elif group.is_window:
        _write_lines(page, window_parts_in(group.nodes), inner)
    else:
        _fill(page, entries_in(group.nodes), inner)
    page.turn(indent)
    if group.last:
        page.write(group.last, indent)


def _fill(page: Page, entries: Iterable[Part], indent: int) -> None:
    """Write as many entries on each line as it holds; one that is too long for a line is broken."""
    for entry in entries:
        if _fits(entry, page.room):
            _write(page, entry, indent)
        else:
            _write_lines(page, conditions_in(entry), indent)


def _write_case(page: Page, group: Group, indent: int) -> None:
    if _fits([group], page.room):
        _write_words(page, words_in([group]), indent)
        return
    page.write(group.first, indent)
    inner = indent + STEP
    operand, *branches = branches_in(group.nodes)
    _write(page, operand, inner)
    for branch in branches:
        page.turn(inner)
        if _fits(branch, page.room):
            _write(page, branch, inner)
        else:
            condition, result = outcome_of(branch)
            _write(page, condition, inner)
            _write_lines(page, [result] if result else [], inner + STEP)
    page.turn(indent)
    if group.last:
        page.write(group.last, indent)


def _write_words(page: Page, words: Iterable[Word], indent: int) -> None:
    for word in words:
        page.write(word, indent)


def _fits(nodes: Sequence[Node], room: int) -> bool:
    return fit_on_one_line(words_in(nodes), room - 1)
