"""One parameter of a task, as its author defined it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import InvalidOperation
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from tasks.errors import Invalid
from tasks.reports.meant import Meant
from tasks.reports.parameters import dated
from tasks.reports.parameters.bounds import (
    DAYS,
    NUMBERS,
    bound_of,
    is_above,
    is_below,
    keep_bound,
)
from tasks.reports.parameters.kinds import KINDS
from tasks.reports.parameters.plain import keep_decimal
from tasks.reports.parameters.sentences import (
    NO_BOUND,
    NO_CHOICES,
    NO_COMMA,
    NO_QUERY,
    NO_START,
    TOO_LARGE,
    TOO_LONG,
    TOO_SMALL,
    UNSTORABLE,
)
from tasks.reports.parameters.types import (
    OF_COMPANIES,
    OF_SQL,
    SEVERAL,
    Kept,
    ParameterType,
    Value,
    bound_names,
)

LONGEST = 4_000
"""Characters of a value as it is typed."""
LONGEST_CHOICE = 400
LONGEST_QUOTE = 60
MISFITS = (ValueError, KeyError, InvalidOperation, OverflowError)
CHOSEN = (ParameterType.CHOICE, ParameterType.MULTI_CHOICE)
SOME_DAY = Meant.of(date(2000, 1, 1))
"""For what says the same whenever it is meant."""


class ParameterDefinition(BaseModel):
    """One parameter; `default` and the bounds are written as it keeps its values, or are words.

    The default of a span since the last success is where the first run of all begins.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    type: ParameterType = ParameterType.TEXT
    label: str = Field("", max_length=120)
    required: bool = True
    default: str = Field("", max_length=400)
    choices: list[Annotated[str, Field(max_length=LONGEST_CHOICE)]] = Field(
        default_factory=list, max_length=200
    )
    help: str = Field("", max_length=400)
    minimum: str = Field("", max_length=40)
    maximum: str = Field("", max_length=40)
    sql: str = Field("", max_length=20_000)
    """The query of the choices: value, label, and what else tells two of them apart."""
    _is_offered: bool = PrivateAttr(False)
    """Whether the choices are those that the source has, be they none."""

    @field_validator("default", "minimum", "maximum", mode="before")
    @classmethod
    def _as_kept(cls, value: object, others: ValidationInfo) -> object:
        text = "" if value is None else str(value)
        if others.data.get("type") in NUMBERS:
            with suppress(*MISFITS):  # the check of the whole says what is wrong
                return keep_decimal(text)
        return text

    @model_validator(mode="after")
    def _fits(self) -> "ParameterDefinition":
        self._check_choices()
        for name in ("minimum", "maximum"):
            self._check_as(name, lambda text: keep_bound(text, self.type), NO_BOUND)
        if self.type is ParameterType.SINCE:
            self._check_as("default", dated.keep_start, NO_START)
        else:
            self._check_default()
        return self

    @property
    def title(self) -> str:
        """What a form calls this parameter."""
        return self.label or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which a text uses it, such as `period_from` and `period_to` of a range."""
        return bound_names(self.name, self.type)

    @property
    def companies(self) -> list[str] | None:
        """The companies that may be chosen; None as long as nobody knows them."""
        return self.choices if self.choices or self._is_offered else None

    def offering(self, choices: list[str]) -> "ParameterDefinition":
        """Return it with what its source offers as the choices, and nothing beside."""
        offered = self.model_copy(update={"choices": choices})
        offered._is_offered = True
        return offered

    def parse(self, given: object) -> Kept:
        """Check what was typed, and return it as it is kept; a relative date stays a word."""
        text = self._text(given)
        with self._explained(text):
            kept = KINDS[self.type].keep(text, self)
        if self.type not in DAYS or dated.is_fixed(str(kept)):
            self._check_bounds(kept, meant=None)
        return kept

    def value(self, kept: object, meant: Meant) -> Value:
        """Return the value of what is kept, on the day meant; of several, nothing is all of them.

        Raises Invalid where it does not fit, since the parameter may have changed meanwhile.
        """
        if kept is None:
            return tuple(self.choices) if self.type in SEVERAL else None
        checked = self.parse(kept)
        self._check_bounds(checked, meant)
        with self._explained(str(kept)):
            return KINDS[self.type].value(checked, meant, self)

    def _text(self, given: object) -> str:
        several = given if isinstance(given, list | tuple) else [given]
        text = ", ".join(str(one) for one in several).strip()
        if not is_storable(text):
            raise self._invalid(UNSTORABLE)
        if len(text) > LONGEST:
            raise self._invalid(TOO_LONG, most=LONGEST)
        return text

    @contextmanager
    def _explained(self, given: str) -> Iterator[None]:
        try:
            yield
        except MISFITS as error:
            raise self._invalid(
                KINDS[self.type].expected,
                given=given[:LONGEST_QUOTE],
                choices=", ".join(self.choices),
            ) from error

    def _check_bounds(self, kept: Kept, meant: Meant | None) -> None:
        """Check against the bounds on the day meant; without one, against those that stand fast."""
        for bound, is_least in ((self.minimum, True), (self.maximum, False)):
            if bound and (meant is not None or self.type not in DAYS or dated.is_fixed(bound)):
                self._check_bound(kept, bound, is_least, meant or SOME_DAY)

    def _check_bound(self, kept: Kept, bound: str, is_least: bool, meant: Meant) -> None:
        with self._explained(str(kept)):
            value = KINDS[self.type].value(kept, meant, self)
        edge = bound_of(bound, self.type, meant)
        given = kept if self.type in DAYS else value
        if is_least and is_below(value, edge):
            raise self._invalid(TOO_SMALL, given=given, least=edge)
        if not is_least and is_above(value, edge):
            raise self._invalid(TOO_LARGE, given=given, most=edge)

    def _check_choices(self) -> None:
        if self.type in OF_SQL and not self.sql.strip():
            raise self._invalid(NO_QUERY, at="sql")
        if not is_storable(self.sql):
            raise self._invalid(UNSTORABLE, at="sql")
        if self.type not in (*CHOSEN, *OF_COMPANIES):
            return
        if not self.choices and self.type in CHOSEN:
            raise self._invalid(NO_CHOICES, at="choices")
        for one in self.choices:
            if not is_storable(one):
                raise self._invalid(UNSTORABLE, at="choices")
            if self.type in SEVERAL and not {",", "\n"}.isdisjoint(one):
                raise self._invalid(NO_COMMA, at="choices", given=one)

    def _check_default(self) -> None:
        try:
            if self.default:
                self.parse(self.default)
        except Invalid as error:
            error.field = f"parameters.{self.name}.default"
            raise

    def _check_as(self, name: str, keep: Callable[[str], str], sentence: str) -> None:
        """Raise Invalid where this field says something that `keep` cannot read."""
        text = getattr(self, name)
        try:
            if text:
                keep(text)
        except MISFITS as error:
            raise self._invalid(sentence, at=name, given=text) from error

    def _invalid(self, sentence: str, *, at: str = "", **values: object) -> Invalid:
        field = f"parameters.{self.name}" + (f".{at}" if at else "")
        return Invalid(sentence, field=field, title=self.title, **values)


def is_storable(text: str) -> bool:
    """Whether every source can keep the text: without a NUL and half characters."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)
