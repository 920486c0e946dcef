"""The sections of a rule base as an entry of the cache holds them: those that few answers need stay pickled.

To make their records, and to import the modules of these, would be a tenth of the time of a start.
"""

import io
import pickle
from typing import TYPE_CHECKING, Any, ClassVar

from .records import Record

if TYPE_CHECKING:
    from .rule_file import RuleFile

ROOMS = ("engine", "knowledge")
"""The rooms that decide, with a few modules, whether rule files are accepted, and as what."""
_ROOT = __name__.partition(".")[0]
LATER = frozenset(
    {
        "claims",
        "corroboration",
        "importing",
        "map",
        "other_evidence",
        "reading",
        "screen_tables",
        "screening",
        "searches",
        "triage",
        "unused_references",
    }
)
"""The sections that stay pickled until they are read."""


class Sections:
    """The sections of a checked rule file, by the names of its fields."""

    def __init__(self, file: "RuleFile") -> None:
        self._given = frozenset(file.model_fields_set)
        self._kept: dict[str, bytes] = {}
        for name in type(file).model_fields:
            value = getattr(file, name)
            if name in LATER and value:
                self._kept[name] = pickle.dumps(value, protocol=5)
            else:
                self.__dict__[name] = value

    def __getattr__(self, name: str) -> Any:
        """Return a section that is read for the first time."""
        if name not in self.__dict__.get("_kept", ()):
            raise AttributeError(f"a rule file has no section {name}")
        value = RecordUnpickler(io.BytesIO(self._kept[name])).load()
        return self.__dict__.setdefault(name, value)

    def whole(self) -> "RuleFile":
        """Return all sections as one file of rules."""
        from .rule_file import RuleFile

        sections = {name: getattr(self, name) for name in RuleFile.model_fields}
        return RuleFile.model_construct(set(self._given), **sections)


class RecordUnpickler(pickle.Unpickler):
    """Makes records of the rule base and plain values alone, so that a pickle cannot run anything."""

    kinds: ClassVar[tuple[type, ...]] = (Record,)

    def find_class(self, module: str, name: str) -> type:
        """Return one of the kinds. Raises UnpicklingError for any other name."""
        if (module, name) == ("builtins", "range"):
            return range
        if module.startswith(tuple(f"{_ROOT}.{room}." for room in ROOMS)):
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, self.kinds):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not part of a rule base")
