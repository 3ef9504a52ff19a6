"""What databases have of their own: their schemas, and HANA's functions that walk trees."""

import re

from sqlglot import exp

_SYSTEM = re.compile(
    "_?SYS.*|INFORMATION_SCHEMA|PG_CATALOG|PG_TOAST|MASTER|MSDB|TEMPDB|MYSQL|DUCKDB.*|SQLITE.*",
    re.IGNORECASE,
)
_HIERARCHIES = """
HIERARCHY HIERARCHY_ANCESTORS HIERARCHY_ANCESTORS_AGGREGATE HIERARCHY_DESCENDANTS
HIERARCHY_DESCENDANTS_AGGREGATE HIERARCHY_LEVELED HIERARCHY_SIBLINGS HIERARCHY_SPANTREE
"""
HIERARCHIES = frozenset(_HIERARCHIES.split())


def is_of_the_system(schema: str) -> bool:
    """Whether the schema belongs to the database itself and not to a company."""
    return bool(_SYSTEM.fullmatch(schema))


def is_hierarchy(node: exp.Expr) -> bool:
    """Whether the arguments of this call name columns of the source that it walks through."""
    return isinstance(node, exp.Anonymous) and node.name.upper() in HIERARCHIES
