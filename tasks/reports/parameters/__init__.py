"""Typed parameters of a task: defined by its author, given by a person or by a schedule."""

from tasks.reports.parameters.dated import SINCE as SINCE
from tasks.reports.parameters.definition import ParameterDefinition as ParameterDefinition
from tasks.reports.parameters.types import OF_SQL as OF_SQL
from tasks.reports.parameters.types import DateSpan as DateSpan
from tasks.reports.parameters.types import InstantSpan as InstantSpan
from tasks.reports.parameters.types import ParameterType as ParameterType
from tasks.reports.parameters.types import Value as Value
from tasks.reports.parameters.types import bound_values as bound_values
from tasks.reports.parameters.values import accept as accept
from tasks.reports.parameters.values import as_used as as_used
from tasks.reports.parameters.values import check_plain as check_plain
from tasks.reports.parameters.values import definitions_of as definitions_of
from tasks.reports.parameters.values import minds_history as minds_history
from tasks.reports.parameters.values import minds_periods as minds_periods
from tasks.reports.parameters.values import resolve as resolve
from tasks.reports.parameters.values import typed as typed
