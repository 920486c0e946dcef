"""What can be compared: the shipped rules, a folder of rules, or a claim register."""

from collections import defaultdict
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, ValidationError

from ... import _yaml
from ..._errors import InputError, Problem
from ..._text import one_of, shortened
from ..._validation import FieldProblem, located, problems_of
from ...knowledge.assertions import (
    Asserted,
    AssertedOf,
    Assertion,
    agent_subject,
    assertions,
    doi_paper,
    finding_in_words,
    paper_of,
)
from ...knowledge.base import KnowledgeBase
from ...knowledge.loading import open_reading
from ...knowledge.packs import FOR_COMPARISON, shipped_packs
from ...knowledge.placing import RECORDS
from ...knowledge.records import Record, Text
from ...recommender import Recommender

SHIPPED = "shipped"
_SUFFIXES = (".yaml", ".yml", ".json")


class RegisteredClaim(Record):
    """A claim of a register: an add-on, agent or finding, the therapy, the direction and the papers."""

    id: Text
    add_on: Text | None = Field(default=None, description="An add-on or agent by any name.")
    finding: dict[Text, Text] = Field(default_factory=dict, description="Markers, each with its state.")
    therapy: Text
    direction: Literal["sensitises", "resists", "prognostic"]
    references: tuple[int | Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")], ...] = Field(
        min_length=1, description="Numbers of the review, or DOIs."
    )


class ClaimRegister(Record):
    """A file of claims to compare with a rule base."""

    claims: tuple[RegisteredClaim, ...] = Field(min_length=1)


class ComparedSide(NamedTuple):
    """One of the two that are compared."""

    name: str
    base: KnowledgeBase
    """Its rules; for a register the shipped ones, by which its names are read."""
    asserted: Asserted
    answers: bool
    """False for a register, which answers no profile."""


def open_side(name: str) -> ComparedSide:
    """Return what a name stands for: `shipped`, a shipped pack, a folder of rules, or the file of a register.

    A folder without a section `rule_base` is a pack, which is laid over the shipped rules.

    Raises InputError, RuleBaseError.
    """
    path = Path(name)
    packs = shipped_packs()
    if name == SHIPPED:
        return _of_rules(name, Recommender(engine="plain").base)
    if name in FOR_COMPARISON:
        return _of_rules(name, open_reading(packs[name]))
    if name in packs:
        return _of_rules(name, Recommender(rules=[packs[name]], engine="plain").base)
    if path.is_dir():
        whole = _is_whole(path)
        rules = Recommender(base=path if whole else None, rules=() if whole else [path], engine="plain")
        return _of_rules(path.resolve().name, rules.base)
    if path.suffix in _SUFFIXES and path.is_file():
        base = Recommender(engine="plain").base
        return ComparedSide(path.stem, base, _registered(path, base), answers=False)
    what = f"'{shortened(name)}' is neither a folder of rules nor a claim register."
    raise InputError(
        [Problem("", what, f"Give a folder, a YAML or JSON file, or {one_of([SHIPPED, *packs])}.")]
    )


def _of_rules(name: str, base: KnowledgeBase) -> ComparedSide:
    return ComparedSide(name, base, assertions(base), answers=True)


def _is_whole(folder: Path) -> bool:
    """Return True where a folder has the section that a rule base has once and a pack never."""
    for path in folder.rglob("*.y*ml"):
        try:
            lines = path.read_bytes().splitlines()
        except OSError:
            continue  # what is wrong with it is said by whoever loads it
        if any(line.startswith(b"rule_base:") for line in lines):
            return True
    return False


def _registered(path: Path, base: KnowledgeBase) -> Asserted:
    """Return the claims of a register as assertions. Raises InputError."""
    try:
        document = _yaml.parse(path.read_text(encoding="utf-8-sig"))
        register = ClaimRegister.model_validate(document.value)
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=str(path)) from None
    except UnicodeDecodeError:
        raise InputError([Problem("", "it is not text in UTF-8.")], source=str(path)) from None
    except _yaml.YamlError as error:
        raise InputError([Problem(f"{path}:{error.line}", f"{error}.")]) from None
    except ValidationError as error:
        found = problems_of(error, ClaimRegister, document.value)
        raise InputError([located(one, str(path), document, RECORDS) for one in found]) from None
    made: defaultdict[Assertion, list[str]] = defaultdict(list)
    problems: list[FieldProblem] = []
    for at, claim in enumerate(register.claims):
        try:
            for one in _claimed(claim, base):
                made[one].append(claim.id)
        except _Unknown as error:
            problems.append(FieldProblem(("claims", at, *error.field), f"{error}."))
    if problems:
        raise InputError([located(one, str(path), document, RECORDS) for one in problems])
    return {one: tuple(made[one]) for one in sorted(made)}


class _Unknown(ValueError):
    """A name of a register that the vocabulary does not have, or a claim about nothing."""

    def __init__(self, message: str, *field: str) -> None:
        self.field = field
        super().__init__(message)


def _claimed(claim: RegisteredClaim, base: KnowledgeBase) -> list[Assertion]:
    """Return a claim as an assertion for each of its papers."""
    therapy = base.vocabulary.therapy(claim.therapy)
    if therapy is None:
        raise _Unknown(f"the therapy '{claim.therapy}' is not known", "therapy")
    if (claim.add_on is None) == (not claim.finding):
        raise _Unknown("it is about either an add_on or a finding")
    subject = _subject(claim, base)
    papers = [_paper(one, base) for one in claim.references]
    return [Assertion(subject, therapy.id, claim.direction, paper, (), (base.scope.id,)) for paper in papers]


def _subject(claim: RegisteredClaim, base: KnowledgeBase) -> AssertedOf:
    if claim.add_on is not None:
        return agent_subject(claim.add_on, base)
    findings = []
    for name, state in claim.finding.items():
        marker = base.vocabulary.marker(name)
        if marker is None and name not in base.facts:
            raise _Unknown(f"the marker '{name}' is not known", "finding")
        findings.append(finding_in_words(marker.symbol if marker else name, state, base))
    return AssertedOf("finding", tuple(sorted(findings)))


def _paper(given: int | str, base: KnowledgeBase) -> str:
    if isinstance(given, str):
        return doi_paper(given)
    if given not in base.references:
        raise _Unknown(f"no reference has the number {given}", "references")
    return paper_of(base.references[given])
