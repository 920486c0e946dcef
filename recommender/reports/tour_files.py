"""Tours: what a teacher writes about a teaching case, read from a file and checked for its form.

Whether a tour names what its case answers is decided in `walk`.
"""

from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from .. import _yaml
from .._data import shipped
from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from .._validation import FieldProblem, located, problems_of
from ..knowledge.models import FindingId
from ..knowledge.records import Record, Sentence, Slug, Text
from ..profile import MAX_PROFILE, Profile, too_large

Prose = Annotated[Sentence, AfterValidator(lambda text: " ".join(text.split()))]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$", max_length=100)]


class LookAt(Record):
    """Something in the answer to discuss, and what to say about it."""

    id: Slug = Field(description="A recommendation, or a context, disputed, undecided or blocked rule.")
    say: Prose


class WhatIf(Record):
    """Changes of the profile, what to ask before they are made, and what to say after."""

    set: tuple[Text, ...] = ()
    unset: tuple[Text, ...] = ()
    therapy: tuple[Text, ...] = ()
    ask: Prose
    point: Prose


class Tour(Record):
    """A tour as a teacher writes it. The name of the file is the name of the tour."""

    schema_version: Literal["1.0"]
    title: Text
    profile: FileName = Field(
        description="A file in the folder of the tour, or for a shipped tour in profiles/."
    )
    story: Prose
    question: Prose
    answer: Prose = Field(description="What to say about the ranking.")
    look_at: tuple[LookAt, ...] = Field(min_length=1, max_length=4)
    audit: FindingId
    discuss: Prose = Field(description="What to ask about the audit finding.")
    as_printed: Prose | None = Field(
        default=None, description="What to say about how the review as printed would rank the case."
    )
    whatif: WhatIf
    questions: tuple[Prose, ...] = Field(min_length=2, max_length=5)


class Case(NamedTuple):
    """A tour and its profile, as they were read."""

    name: str
    tour: Tour
    profile: Profile
    path: Path
    document: _yaml.Document


def tour_names() -> list[str]:
    """Return the names of the tours that come with the program."""
    return sorted(path.stem for path in (shipped("profiles") / "tours").glob("*.yaml"))


def open_case(name: str) -> Case:
    """Return the shipped tour `name`, or the one in a file of which `name` is the path.

    Raises InputError with all that is wrong with the file, by file and line.
    """
    if name in tour_names():
        profiles = shipped("profiles")
        return _read(profiles / "tours" / f"{name}.yaml", profiles)
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return _read(path, path.parent)
    hint = did_you_mean(name, tour_names()) or f"There are: {', '.join(tour_names())}."
    raise InputError([Problem("", f"there is no tour '{shortened(name)}'.", hint)])


def is_tour(name: str) -> bool:
    """Return whether a name is that of a shipped tour, or of a file that has the fields of a tour.

    Raises InputError where the file is too large.
    """
    if name in tour_names():
        return True
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return False
    try:
        value = _yaml.parse(_data(path).decode("utf-8-sig")).value
    except (OSError, UnicodeDecodeError, _yaml.YamlError):
        return False  # what is wrong with it is said by whoever reads it
    return isinstance(value, dict) and {"story", "whatif"} <= value.keys()


def _read(path: Path, profiles: Path) -> Case:
    try:
        document = _yaml.parse(_data(path).decode("utf-8-sig"))
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=str(path)) from None
    except UnicodeDecodeError:
        raise InputError([Problem("", "it is not text in UTF-8.")], source=str(path)) from None
    except _yaml.YamlError as error:
        raise InputError([Problem(f"{path}:{error.line}", f"{error}.")]) from None
    try:
        tour = Tour.model_validate(document.value)
    except ValidationError as error:
        found = problems_of(error, Tour, document.value)
        raise InputError([located(one, str(path), document) for one in found]) from None
    file = profiles / tour.profile
    try:
        profile = Profile.read(_data(file), source=str(file))
    except OSError as error:
        missing = FieldProblem(("profile",), f"{file} cannot be read: {error.strerror}.")
        raise InputError([located(missing, str(path), document)]) from None
    return Case(path.stem, tour, profile, path, document)


def _data(path: Path) -> bytes:
    """Return the content of a file, which may be as large as a profile. Raises OSError, InputError."""
    with path.open("rb") as stream:
        data = stream.read(MAX_PROFILE + 1)
    if len(data) > MAX_PROFILE:
        raise too_large(len(data), source=str(path))
    return data
