"""Records that are values, and what they keep: frozen, compared by all of their fields, safe to share."""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Generic, Never, Self, TypeVar, dataclass_transform, overload

_Entry = TypeVar("_Entry")
_Computed = TypeVar("_Computed")


class cached_property(Generic[_Computed]):  # noqa: N801 - a decorator, called as the one that it replaces
    """A property that is computed when it is first read, and then kept in the object, without a lock.

    That of functools holds a lock while it computes, before Python 3.12: one for all objects of the class.
    A process that is forked while another thread computes inherits the lock as it is, and nobody opens it.
    Here two threads may both compute, and both get what the first of them has kept.

    >>> class Rules:
    ...     @cached_property
    ...     def names(self) -> list[str]:
    ...         return ["orlistat-against-fasn"]
    >>> rules = Rules()
    >>> rules.names is rules.names
    True
    """

    def __init__(self, compute: Callable[[Any], _Computed]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> _Computed: ...
    def __get__(self, instance: object, owner: type) -> Self | _Computed:
        if instance is None:
            return self
        kept: _Computed = instance.__dict__.setdefault(self._name, self._compute(instance))
        return kept


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value:
    """A frozen record: subclasses list their fields as a dataclass does, and give them by keyword.

    Subclasses are dataclasses, for `replace`, `fields` and pydantic, without the methods that
    `@dataclass(frozen=True)` would compile for each of them when the package is imported.

    >>> class Point(Value):
    ...     x: int
    ...     y: int = 0
    >>> Point(x=1) == Point(x=1, y=0), len({Point(x=1), Point(y=0, x=1)})
    (True, 1)
    """

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _names: ClassVar[KeysView[str]]
    _defaults: ClassVar[dict[str, Any]]
    _left_out: ClassVar[frozenset[str]] = frozenset()
    """Fields that a record does not hold, and its JSON does not show, where they are None."""
    shared: ClassVar[bool] = False
    """True for records of which many answers hold the same one, so that its JSON is worth keeping."""

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)
        cls._names = {field.name: field for field in fields(cls)}.keys()
        cls._defaults = {field.name: field.default for field in fields(cls) if field.default is not MISSING}

    def __init__(self, **given: Any) -> None:
        if len(given) < len(self._names):
            given = {**self._defaults, **given}
        if given.keys() != self._names:
            differ = sorted(given.keys() ^ self._names)
            raise TypeError(f"{type(self).__name__} lacks, or does not have, {', '.join(differ)}")
        for name in self._left_out:
            if given[name] is None:
                del given[name]
        object.__setattr__(self, "__dict__", given)

    @classmethod
    def left_out(cls) -> frozenset[str]:
        """Return the fields that a record does not hold, and its JSON does not show, where they are None."""
        return cls._left_out

    def __setattr__(self, name: str, value: Any) -> Never:
        raise AttributeError(f"{type(self).__name__} is a value: {name} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} is a value: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __getstate__(self) -> dict[str, Any]:
        """Copies and pickles hold the fields; what a `cached_property` keeps is found again."""
        return {name: self.__dict__[name] for name in self._names if name in self.__dict__}

    def _values(self) -> tuple[Any, ...]:
        if self._left_out:
            return tuple([getattr(self, name) for name in self._names])
        return tuple([self.__dict__[name] for name in self._names])

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__qualname__}({given})"


_Kind = TypeVar("_Kind", bound=type)


def of_one_kind(record: _Kind) -> _Kind:
    """Make a NamedTuple equal to those of its own kind alone; by itself it equals any tuple of its fields.

    >>> from typing import NamedTuple
    >>> @of_one_kind
    ... class Point(NamedTuple):
    ...     x: int
    ...     y: int
    >>> Point(1, 2) == Point(1, 2), Point(1, 2) == (1, 2), Point(1, 2) != (1, 2)
    (True, False, True)
    """
    record.__eq__ = _equals  # type: ignore[assignment]
    record.__ne__ = _differs  # type: ignore[assignment]
    return record


def _equals(one: tuple[Any, ...], other: object) -> bool:
    return type(one) is type(other) and tuple.__eq__(one, other)


def _differs(one: tuple[Any, ...], other: object) -> bool:
    return not _equals(one, other)


class FrozenMap(Mapping[str, _Entry]):
    """A mapping that cannot be changed, hashable where its values are.

    >>> FrozenMap({"a": 1}) == {"a": 1}, len({FrozenMap(a=1), FrozenMap({"a": 1})})
    (True, 1)
    """

    __slots__ = ("_entries",)
    _entries: dict[str, _Entry]

    def __init__(self, given: Mapping[str, _Entry] | None = None, /, **more: _Entry) -> None:
        object.__setattr__(self, "_entries", {**(given or {}), **more})

    def __setattr__(self, name: str, value: Any) -> Never:
        raise AttributeError(f"a FrozenMap is a value: {name} cannot be set")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a FrozenMap is a value: {name} cannot be deleted")

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, _Entry]]]:
        """Return how a copy or a pickle of any protocol is made."""
        return type(self), (dict(self._entries),)

    def __getitem__(self, key: str) -> _Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._entries!r})"

    def items(self) -> ItemsView[str, _Entry]:
        """Return the entries: the view of a dict, which is faster than that of a Mapping."""
        return self._entries.items()
