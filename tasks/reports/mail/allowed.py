"""What may stand in the template of a mail: words, figures, arithmetic and `if`, nothing else.

An allow-list over the parsed template. Without loops, macros, attributes and repetition the cost
of a template is bounded by its length, and nothing leads from a word to Python behind it.
"""

from collections.abc import Iterable

from jinja2 import nodes

from tasks.errors import Invalid

WORDS = (
    "title",
    "date",
    "time",
    "rows",
    "files",
    "parameters",
    "part",
    "recipient",
    "link",
    "difference",
)
FIGURES = ("total", "least", "largest", "count")
FUNCTIONS = (*FIGURES, "change", "change_percent")
BEFORE = "before"
OF_BEFORE = ("rows", "date", *FIGURES)
FILTERS = ("number", "default", "abs")
MOST_DECIMALS = 10
DEEPEST = 40
"""Levels of one expression within another; Python's own compiler ends somewhat below 100."""

PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
)
COMPARISONS = ("eq", "ne", "lt", "lteq", "gt", "gteq")


def check_nodes(tree: nodes.Template, *, field: str) -> None:
    """Raise Invalid for the first part of the template that may not stand there."""
    _Walk(field).visit(tree, 0)


class _Walk:
    def __init__(self, field: str) -> None:
        self._field = field

    def visit(self, node: nodes.Node, depth: int) -> None:
        if depth > DEEPEST:
            raise self._refused(node, "too many things within each other")
        match node:
            case nodes.Name():
                self._word(node)
            case nodes.Call():
                self._call(node)
            case nodes.Getattr():
                self._of_before(node)
            case nodes.Filter():
                self._filter(node)
                self._visit_all([node.node] if node.node else [], depth)
            case nodes.Const():
                self._constant(node)
            case nodes.CondExpr():
                if node.expr2 is None:
                    raise self._refused(node, "“if” without “else” within {{ }}")
                self._visit_all(node.iter_child_nodes(), depth)
            case nodes.Operand() if node.op not in COMPARISONS:
                raise self._refused(node, node.op)
            case _ if type(node) in PLAIN:
                self._visit_all(node.iter_child_nodes(), depth)
            case _:
                raise self._refused(node, _called(node))

    def _visit_all(self, several: Iterable[nodes.Node], depth: int) -> None:
        for node in several:
            self.visit(node, depth + 1)

    def _word(self, node: nodes.Name) -> None:
        if node.name in FUNCTIONS:
            raise Invalid(
                "Line {line}: write the column after “{name}”, as in {example}.",
                field=self._field,
                line=node.lineno,
                name=node.name,
                example=f'{{{{ {node.name}("Balance") }}}}',
            )
        if node.name not in (*WORDS, BEFORE):
            raise self._unknown(node, node.name, (*WORDS, BEFORE, *FUNCTIONS))

    def _call(self, node: nodes.Call) -> None:
        called = node.node
        if isinstance(called, nodes.Name) and called.name not in FUNCTIONS:
            raise self._unknown(node, called.name, FUNCTIONS)
        if isinstance(called, nodes.Getattr):
            self._of_before(called, FIGURES)
        elif not isinstance(called, nodes.Name):
            raise self._refused(node, "a call")
        self._one_text(node, node.args)

    def _of_before(self, node: nodes.Getattr, known: tuple[str, ...] = ("rows", "date")) -> None:
        if not (isinstance(node.node, nodes.Name) and node.node.name == BEFORE):
            raise self._refused(node, f".{node.attr}")
        if node.attr not in known:
            raise self._unknown(node, f"before.{node.attr}", [f"before.{one}" for one in OF_BEFORE])

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            raise self._unknown(node, f"|{node.name}", [f"|{one}" for one in FILTERS])
        if node.name == "default":
            self._one_text(node, node.args)
        elif node.name == "abs" and node.args:
            raise self._refused(node, "|abs( )")
        elif node.args and not self._is_decimals(node.args):
            raise self._refused(node, "|number( ) with something else than 0 to 10")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise self._refused(node, "=")

    def _is_decimals(self, given: list[nodes.Expr]) -> bool:
        one = given[0]
        return (
            len(given) == 1
            and isinstance(one, nodes.Const)
            and type(one.value) is int
            and 0 <= one.value <= MOST_DECIMALS
        )

    def _one_text(self, node: nodes.Call | nodes.Filter, given: list[nodes.Expr]) -> None:
        named = node.kwargs or node.dyn_args or node.dyn_kwargs
        first = given[0] if len(given) == 1 and not named else None
        if not (isinstance(first, nodes.Const) and isinstance(first.value, str)):
            raise Invalid(
                "Line {line}: between the brackets stands one text in quotes, as in {example}.",
                field=self._field,
                line=node.lineno,
                example='{{ total("Balance") }}',
            )

    def _constant(self, node: nodes.Const) -> None:
        if not isinstance(node.value, str | int | float):
            raise self._refused(node, str(node.value))

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str]) -> Invalid:
        return Invalid(
            "Line {line}: there is no “{name}”. Known: {known}.",
            field=self._field,
            line=node.lineno,
            name=name,
            known=", ".join(known),
        )

    def _refused(self, node: nodes.Node, what: str) -> Invalid:
        return Invalid(
            "Line {line}: “{what}” cannot stand in a mail. What can: {allowed}.",
            field=self._field,
            line=node.lineno,
            what=what,
            allowed='{{ rows }}, {{ total("Balance") }}, + - * /, {% if rows > 0 %} … {% endif %}',
        )


def _called(node: nodes.Node) -> str:
    """What its author wrote, more or less: `for`, `set`, `macro`."""
    return type(node).__name__.lower()
