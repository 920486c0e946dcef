"""The profile of a tumour: what a user hands in, read from JSON or YAML and checked for its form.

Whether its names are known is decided later, in `facts`.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from math import isinf, isnan
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)

from ._common import MAX_NAME_LENGTH, common_fields, made, mutation, values_of
from ._errors import InputError, Problem
from ._text import counted, kind_in_words, printable, shortened
from ._values import FrozenMap
from .changes import is_change
from .scores import score_in
from .states import MUTATION_STATES, STATES

Specimen = Literal["tumour", "blood", "unknown"]

MAX_PROFILE = 4 * 1024 * 1024
"""Bytes that one profile may have."""

MAX_UNBUILT = 8
"""Profiles that are read without the validator, which reads faster, but takes long to build."""
_read = itertools.count()

_SPECIMEN = "What was examined; a rule that reads the tumour does not take a finding in blood."

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_LENGTH)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


def _words_for(states: tuple[str, ...]) -> WithJsonSchema:
    """The JSON Schema of a state: the words that are written; others of the rule base are read too."""
    return WithJsonSchema({"enum": list(states), "type": "string"})


_NUMBER_OR_NULL = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "null"}]})
"""The JSON Schema of a score: words for no value are read too."""


def _word(given: Any) -> Any:
    """A state as a text: programs write found and not found as true, false, 1 and 0, and a blank as null."""
    match given:
        case None:
            return ""
        case bool():
            return "true" if given else "false"
        case int() | float():
            return str(given)
    return given


def _score(given: Any) -> Any:
    """A z-score as a number, where it is written as a text; not a number as the word for no value."""
    match given:
        case None:
            return None
        case str():
            score = score_in(given)
            return given if score is None else score
        case int() | float() if not isinstance(given, bool) and not isinf(given):
            return "NaN" if isnan(given) else float(given)
    raise ValueError("a number is expected.")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=values_of)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __eq__(self, other: object) -> bool:
        """Return True where all fields are equal; the place a profile was read from is not one of them."""
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple([self.__dict__[name] for name in type(self).model_fields]))


class Mutation(_Part):
    """The finding of sequencing or copy-number analysis in one gene."""

    gene: Name = Field(description="Symbol or alias of the gene.")
    state: Annotated[str, _words_for(MUTATION_STATES)] = Field(
        default="mutated", description="What was found in it."
    )
    change: str | None = Field(default=None, description="Protein change in HGVS notation.")
    specimen: Specimen | None = Field(default=None, description=_SPECIMEN)
    source: str | None = Field(default=None, description="Where the finding was read: file and line.")

    @field_validator("change")
    @classmethod
    def _a_change(cls, change: str | None) -> str | None:
        if change is not None and not is_change(change):
            what = f"'{shortened(change)}' is not a change of a protein, such as p.X1Y."
            raise ValueError(f"{what} For a state write an object with gene and state.")
        return change


class Measurement(_Part):
    """The finding of an assay for one marker: a state, or a z-score that is read as one."""

    state: Annotated[str, _words_for(STATES)] | None = Field(
        default=None, description="What was found. Either this or `z_score` is needed."
    )
    z_score: Annotated[Number | str | None, BeforeValidator(_score), _NUMBER_OR_NULL] = Field(
        default=None, description="Read as high, normal or low by the thresholds of the rule base."
    )
    assay: str | None = Field(
        default=None, description="How it was measured; carried into the result as detail."
    )
    value: Number | str | None = Field(
        default=None, description="The value as measured; carried along, never interpreted."
    )
    unit: str | None = Field(default=None, description="The unit of `value`.")
    measured: str | None = Field(default=None, description="What was measured, such as mRNA or protein.")
    specimen: Specimen | None = Field(default=None, description=_SPECIMEN)
    source: str | None = Field(default=None, description="Where the finding was read: file and line.")


class Measured(NamedTuple):
    """A finding of a marker: the name and the measurement as they were given, and their JSON pointer."""

    marker: str
    measurement: Measurement
    path: str


class _OneOrSeveral:
    """The JSON Schema of findings: a single one need not be a list."""

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(core)
        return {"anyOf": [several["items"], {**several, "minItems": 1}]}


def _listed(given: Any) -> Any:
    """Findings of a marker as a list of objects: they are given as a state, an object, or a list of these."""
    found = given if isinstance(given, list | tuple) else [given]
    if not found:
        raise ValueError("the list is empty; a state, a measurement or several of them are expected.")
    return [_measurement(one) for one in found]


def _measurement(given: Any) -> Any:
    """A finding as an object: one that only has a null for its value is a finding without a value."""
    if given is None or isinstance(given, str | int | float):
        return {"state": _word(given)}
    if isinstance(given, dict) and ("state" in given or "z_score" in given):
        empty = given.get("state") is None and given.get("z_score") is None
        return {**given, "state": ""} if empty else given
    return given


Findings = Annotated[tuple[Measurement, ...], BeforeValidator(_listed), _OneOrSeveral()]


class Profile(_Part):
    """A tumour and its treatment. A marker that is not given is unknown."""

    schema_version: Literal["1.0", "1.1"] = Field(
        default="1.0",
        description="Version of the format: both are read; 1.1 is written for several findings of a marker "
        "and for specimens.",
    )
    id: str | None = Field(
        default=None,
        max_length=MAX_NAME_LENGTH,
        description="A name for the case; it comes back in the result.",
    )
    disease: Name | None = Field(
        default=None,
        description="A name, synonym or code. Without one, read as hepatocellular carcinoma, with a notice.",
    )
    therapies: tuple[Name, ...] = Field(
        default=(),
        description="The partners: drugs, brands, classes or modalities. Without one nothing is ranked.",
    )
    resistant_to: tuple[Name, ...] = Field(default=(), description="Therapies that have failed.")
    mutations: tuple[Mutation, ...] = Field(
        default=(), description="Objects, or texts such as `GENE` and `GENE p.Change`."
    )
    markers: Annotated[Mapping[Name, Findings], AfterValidator(FrozenMap)] = Field(
        default_factory=FrozenMap,
        description="Marker to a measurement, to a bare state, or to a list of these: findings on several "
        "axes, such as a level and a status.",
    )
    note: str | None = Field(default=None, description="Free text, carried through, never interpreted.")

    _source: str = PrivateAttr("")

    @field_validator("mutations", mode="before")
    @classmethod
    def _mutation_texts(cls, given: Any) -> Any:
        if not isinstance(given, list | tuple):
            return given
        return [mutation(entry) if isinstance(entry, str) else entry for entry in given]

    @model_validator(mode="after")
    def _version_that_holds_it(self) -> Self:
        later = any(one.specimen is not None for one in self.mutations) or any(
            len(found) > 1 or found[0].specimen is not None for found in self.markers.values()
        )
        self.__dict__["schema_version"] = "1.1" if later else "1.0"
        return self

    @field_serializer("markers")
    def _short_markers(self, markers: Mapping[str, Findings]) -> dict[str, Measurement | Findings]:
        return {name: found if len(found) > 1 else found[0] for name, found in markers.items()}

    @classmethod
    def parse(cls, value: Any, *, source: str = "") -> "Profile":
        """Return the profile in a plain value (an object of JSON or YAML). Raises InputError.

        >>> Profile.parse({"therapies": ["sorafenib"], "markers": {"HBV": "positive"}}).therapies
        ('sorafenib',)
        """
        if not isinstance(value, dict):
            what = "it is empty" if value is None else f"it holds {kind_in_words(value)}"
            raise InputError([Problem("", f"a profile is one object; {what}.")], source=source)
        unbuilt = not cls.__pydantic_complete__ and next(_read) < MAX_UNBUILT
        if unbuilt and (profile := cls.of_common(value, source=source)) is not None:
            return profile
        profile = cls._validated(value, source)
        kept = [one for found in profile.markers.values() for one in found]
        said = [one.state is not None or one.z_score is not None for one in kept]
        if not all(said):
            places = [one.path for one, is_said in zip(profile.measured(), said, strict=True) if not is_said]
            what = "neither a state nor a z_score is given."
            raise InputError([Problem(place, what) for place in places], source=source)
        profile._source = source  # noqa: SLF001 - its own
        return profile

    @classmethod
    def of_common(cls, value: dict[str, Any], *, source: str = "") -> Self | None:
        """Return the profile in a value of the common form, without the validator; None for any other."""
        if (fields := common_fields(value)) is None:
            return None
        for name in fields.keys() & {"therapies", "resistant_to"}:
            fields[name] = tuple(fields[name])
        if "mutations" in fields:
            fields["mutations"] = tuple([made(Mutation, one) for one in fields["mutations"]])
        if "markers" in fields:
            found = fields["markers"].items()
            fields["markers"] = FrozenMap({name: (made(Measurement, one),) for name, one in found})
        profile = made(cls, fields, {"_source": source})
        profile.__dict__["schema_version"] = "1.0"
        return profile

    @classmethod
    def _validated(cls, value: dict[str, Any], source: str) -> Self:
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            from ._validation import problems_of

            problems = [
                Problem(pointer(found.path) or "/", found.what, found.hint)
                for found in problems_of(error, cls, value)
            ]
            raise InputError(problems, source=source) from None

    def measured(self) -> Iterator[Measured]:
        """Yield each finding of each marker."""
        for name, found in self.markers.items():
            for place, measurement in enumerate(found):
                path = ("markers", name, place) if len(found) > 1 else ("markers", name)
                yield Measured(name, measurement, pointer(path))

    def replaced(self, **fields: Any) -> "Profile":
        """Return the profile with other values in some of its fields."""
        other = Profile.model_validate({**self.__dict__, **fields})
        other._source = self._source  # noqa: SLF001 - its own
        return other

    @property
    def read_from(self) -> str:
        """The name of the file that it was read from, or nothing."""
        return self._source

    @classmethod
    def read(cls, data: bytes | str, *, source: str = "") -> "Profile":
        """Return the profile in JSON or YAML text. Raises InputError."""
        return cls.parse(plain_value(data, source=source), source=source)

    @classmethod
    def from_file(cls, name: str | Path) -> "Profile":
        """Return the profile in a file, packed or in UTF-16 too, or the shipped case of this name.

        A file that is there wins over a case. Raises InputError.

        >>> Profile.from_file("nrf2-active-sorafenib").therapies
        ('sorafenib',)
        """
        from .intake.files import read_profile

        return read_profile(name)

    def __repr__(self) -> str:
        """Return one line: the case, its therapies, and how many findings. `canonical` has the rest."""
        found = counted(len(self.mutations) + sum(map(len, self.markers.values())), "finding")
        given = ", ".join(self.therapies) or "no therapy"
        parts = (self.id or "without id", self.disease or "disease not given", given, found)
        return f"<Profile {', '.join(printable(shortened(part)) for part in parts)}>"

    def canonical(self) -> str:
        """Return the profile as JSON with sorted keys and without the fields that were not given."""
        if type(self).__pydantic_complete__:
            return _CANONICAL.encode(self.model_dump(mode="json", exclude_none=True))
        return _CANONICAL.encode({**values_of(self), "markers": self._short_markers(self.markers)})


def pointer(path: tuple[str | int, ...]) -> str:
    """Return the JSON pointer (RFC 6901) of a path.

    >>> pointer(("markers", "PD-L1/CD274"))
    '/markers/PD-L1~1CD274'
    """
    text = "/".join(["", *map(str, path)])
    if "~" not in text and text.count("/") == len(path):
        return text
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def too_large(size: int, *, source: str, largest: int = MAX_PROFILE) -> InputError:
    """Return the error for an input of `size` bytes, or of at least that many."""
    limit = largest // 1024 // 1024
    what = f"{size / 1024 / 1024:.1f} MiB or more is too much for a profile; the limit is {limit} MiB."
    return InputError([Problem("", what)], source=source)


def plain_value(data: bytes | str, *, source: str = "", largest: int = MAX_PROFILE) -> Any:
    """Return the value in JSON or YAML text: JSON where it begins with a bracket. Raises InputError."""

    def fail(where: str, what: str, hint: str = "") -> InputError:
        return InputError([Problem(where, what, hint)], source=source)

    if len(data) > largest:
        raise too_large(len(data), source=source, largest=largest)
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            packed = data.startswith(b"\x1f\x8b")
            hint = "It is compressed with gzip; unpack it first." if packed else "Is it a binary file?"
            raise fail(f"line {line}", "it is not text in UTF-8.", hint) from None
    else:
        text = data
    if not text.strip():
        raise fail("", "it is empty; a profile is one object.")
    if text.lstrip()[0] in "{[":
        return _json_value(text, fail)
    from . import _yaml

    try:
        return _yaml.parse(text).value
    except _yaml.YamlError as error:
        raise fail(f"line {error.line}", f"it is not YAML: {error}.") from None


def _json_value(text: str, fail: Any) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise fail("", f"the key '{shortened(twice)}' stands twice in one object.")
        return value

    def no_constant(word: str) -> Any:
        raise fail("", f"{word} is not a number that JSON allows.")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        raise fail(f"line {error.lineno}, column {error.colno}", f"it is not JSON: {error.msg}.") from None
    except RecursionError:
        raise fail("", "it is nested too deeply for a profile.") from None
    except ValueError as error:
        raise fail("", f"it is not JSON: {error}.") from None
