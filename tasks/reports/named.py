"""The names of columns, as the settings of a report keep them."""

from typing import Annotated

from pydantic import Field

LONGEST_COLUMN = 200
"""Letters; HANA's own names have 127 at most."""
ColumnName = Annotated[str, Field(max_length=LONGEST_COLUMN)]
