"""The settings of a job as the controls of a form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

LONGEST_LINE = 2_000
"""Characters; a text that may be longer is written in an area."""


class FieldKind(StrEnum):
    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    DECIMAL = "decimal"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"
    """Some of the choices, or one text a line where there are none."""


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting; `title` and `help` are English sentences for the screen to translate."""

    name: str
    title: str
    kind: FieldKind
    required: bool
    default: Any
    """As JSON keeps it; None where there is none."""
    choices: tuple[str, ...] = ()
    help: str = ""
    min: float | None = None
    max: float | None = None


def fields_of(model: type[BaseModel]) -> list[SettingField]:
    """Return the fields of a model; raises TypeError where no control fits the type of one."""
    return [_field(name, info) for name, info in model.model_fields.items()]


def _field(name: str, info: FieldInfo) -> SettingField:
    wanted, constraints = _plain(info.annotation, info.metadata)
    limits = _limits(constraints)
    return SettingField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        kind=_kind(name, wanted, limits),
        required=info.is_required(),
        default=_default(info),
        choices=_choices(_element(wanted)),
        help=info.description or "",
        min=limits.get("ge", limits.get("gt")),
        max=limits.get("le", limits.get("lt")),
    )


def _kind(name: str, wanted: Any, limits: Mapping[str, Any]) -> FieldKind:
    if _element(wanted) is not wanted:
        _kind(name, _element(wanted), {})
        return FieldKind.LIST
    if wanted is bool:
        return FieldKind.YES_NO
    if _choices(wanted):
        return FieldKind.CHOICE
    if wanted is str:
        return FieldKind.TEXT if limits.get("max_length", 0) <= LONGEST_LINE else FieldKind.AREA
    if wanted in (int, float, Decimal):
        return FieldKind.NUMBER if wanted is int else FieldKind.DECIMAL
    raise TypeError(f"No control of a form fits “{name}”: {wanted}.")


def _element(wanted: Any) -> Any:
    """Return X of `list[X]`, and everything else as it is."""
    return _plain(get_args(wanted)[0], ())[0] if get_origin(wanted) is list else wanted


def _choices(wanted: Any) -> tuple[str, ...]:
    if get_origin(wanted) is Literal:
        return tuple(str(one) for one in get_args(wanted))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return tuple(str(one.value) for one in wanted)
    return ()


def _plain(annotation: Any, constraints: Iterable[Any]) -> tuple[Any, list[Any]]:
    """Return X of `X | None` and of `Annotated[X, …]`, with all that constrains it."""
    found = list(constraints)
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _plain(inner, [*found, *more])
    if get_origin(annotation) in (Union, UnionType):
        others = [one for one in get_args(annotation) if one is not NoneType]
        if len(others) == 1:
            return _plain(others[0], found)
    return annotation, found


def _limits(constraints: Iterable[Any]) -> dict[str, Any]:
    """Return the bounds by pydantic's names: ge, gt, le, lt, max_length."""
    limits: dict[str, Any] = {}
    for one in constraints:
        if isinstance(one, FieldInfo):
            limits |= _limits(one.metadata)
        names = ("ge", "gt", "le", "lt", "max_length")
        limits |= {name: getattr(one, name) for name in names if hasattr(one, name)}
    return limits


def _default(info: FieldInfo) -> Any:
    value = info.get_default(call_default_factory=True, validated_data={})
    return None if value is PydanticUndefined else to_jsonable_python(value)
