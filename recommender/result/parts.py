"""Parts of a result: what was asked and answered with, what was found, and what follows from it."""

from typing import Annotated

from pydantic import Field

from .._values import Value


class ProfileStamp(Value):
    """Which profile was answered: its id and the SHA-256 of its canonical JSON."""

    id: str | None
    sha256: str
    note: str | None = None


class EngineStamp(Value):
    """Which engine fired the rules."""

    name: str
    version: str


class PackStamp(Value):
    """A pack of rules laid over the shipped ones."""

    name: str
    sha256: str


class RuleBaseStamp(Value):
    """Which rule base was used: its version, the SHA-256 of its files, and its number of rules."""

    version: str
    sha256: str
    rules: int
    packs: tuple[PackStamp, ...] = ()


class Options(Value):
    """How the result was asked for, so that it can be made again."""

    brief: bool
    any_disease: bool
    top: int | None = None


class TherapyGiven(Value):
    """A therapy of the profile, as the vocabulary knows it."""

    id: str
    name: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]


class Fact(Value):
    """A measured marker."""

    marker: str
    state: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]
    detail: str = ""


class Match(Value):
    """A finding that met a condition of a rule."""

    marker: str
    state: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]
    via: Annotated[tuple[str, ...], Field(description="Derived facts between finding and rule.")] = ()


class Derived(Value):
    """A state of the ferroptosis machinery that a mechanism rule concluded."""

    fact: str
    state: str
    meaning: str
    rule: str
    because: tuple[str, ...]
    references: tuple[int, ...]


class Disputed(Value):
    """A claim that only the review's wording supports. Never ranked."""

    id: str
    claim: str
    why: str
    audit: tuple[str, ...]
    references: tuple[int, ...]
    pack: str | None = None


class NoticeView(Value):
    """Something that a reader of the answer should know."""

    code: str
    path: str
    message: str
