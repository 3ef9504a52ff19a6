"""A report's SQL laid out for people: other white space and keywords in capitals, nothing else.

The layout works on the tokens of the text, since whoever reads it into a tree and writes that down
again loses comments, hints and Business One's own marks.
"""

from tasks.reports.formatting.layout import laid_out
from tasks.reports.formatting.readable import check_readable
from tasks.reports.formatting.words import words_of


def formatted(sql: str) -> str:
    """Return the same query, well laid out; raises Invalid with the place that cannot be read."""
    check_readable(sql)
    return laid_out(words_of(sql))
