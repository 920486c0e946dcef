"""What rules assert, in a normal form by which two rule bases can be compared.

An assertion says that an add-on, an agent or a finding has a direction with a therapy, according to a paper.
It is derived from the rule and never written by hand:

- A strategy asserts its add-on, and a context with an agent asserts that agent. What the rule requires to be
  measured is `given`. A finding that only makes a strategy fit better asserts nothing.
- A context without an agent asserts the findings that it requires, each way to meet them separately; without
  a finding, the therapy itself.
- A mechanism asserts its findings, and its direction is the derived fact in the state that it concludes.
- A rule asserts the same of each of its therapies and of each paper that it cites.
- Disputed rules and cautions assert nothing: the first report a claim, the second warn.

States that say the same of a marker with levels are written alike: positive and amplified as high, negative
and deleted as low.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

from .._text import fold
from ..engine.atoms import Atom
from .base import KnowledgeBase
from .conditions import ways_of
from .models import Reference
from .rule_models import ContextRule, MechanismRule, Rule, StrategyRule

AssertedKind = Literal["add-on", "agent", "finding", "therapy"]

_LEVEL = {"positive": "high", "amplified": "high", "negative": "low", "deleted": "low"}
_OPPOSITE = {"low": "high", "absent": "present", "negative": "positive"}
_REVERSED = {"sensitises": "resists", "resists": "sensitises"}


class AssertedOf(NamedTuple):
    """What an assertion is about: an add-on, an agent, findings together, or the therapy itself."""

    kind: AssertedKind
    parts: tuple[str, ...] = ()
    """The id of the add-on, the agent in words, or the findings."""


class Assertion(NamedTuple):
    """An add-on or finding, the therapy, the direction and the paper, and what limits the assertion."""

    subject: AssertedOf
    therapy: str
    """The id of a therapy; empty where the rule is not about one."""
    direction: str
    """`sensitises`, `resists`, `prognostic`, or a derived fact with its state."""
    paper: str
    given: tuple[str, ...] = ()
    """What must have been measured for an add-on or agent; each item is one way to meet it."""
    tumours: tuple[str, ...] = ()
    """The ids of the diseases in which the paper showed it."""
    unsupported: tuple[str, ...] = ()
    """What of it the paper does not support, according to the rule itself."""

    @property
    def core(self) -> tuple[AssertedOf, str]:
        """The subject and the direction, with a single low or absent finding turned into its opposite.

        Its direction is reversed as well: "A low resists" and "A high sensitises" have the same core.
        """
        kind, parts = self.subject
        name, _, state = parts[0].rpartition(" ") if kind == "finding" and len(parts) == 1 else ("", "", "")
        if state in _OPPOSITE and self.direction in _REVERSED:
            return AssertedOf(kind, (f"{name} {_OPPOSITE[state]}",)), _REVERSED[self.direction]
        return self.subject, self.direction

    @property
    def qualifiers(self) -> tuple[tuple[str, ...], ...]:
        """All that limits the assertion."""
        return self.given, self.tumours, self.unsupported


Asserted = dict[Assertion, tuple[str, ...]]
"""Assertions in a fixed order, each with the rules that make it."""


def assertions(base: KnowledgeBase) -> Asserted:
    """Return what the rules of a base assert."""
    found: defaultdict[Assertion, list[str]] = defaultdict(list)
    for rule in base.content.rules:
        for one in _of_rule(rule, base):
            found[one].append(rule.id)
    return {one: tuple(found[one]) for one in sorted(found)}


def assertion_in_words(one: Assertion, base: KnowledgeBase) -> str:
    """Return an assertion as a phrase, without its paper."""
    therapies, add_ons = base.vocabulary.therapies, base.add_ons
    kind, parts = one.subject
    therapy = therapies[one.therapy].name if one.therapy in therapies else one.therapy
    if kind == "add-on":
        parts = tuple(add_ons[name].name if name in add_ons else name for name in parts)
    if kind in ("add-on", "agent"):
        said = " + ".join([*parts, *([therapy] if therapy else [])])
    else:
        said = " and ".join(parts) if parts else f"{therapy} by itself"
        said += f" under {therapy}" if therapy and parts else ""
    said += f": {one.direction}"
    limits = [f"where {' or '.join(one.given)}"] if one.given else []
    if one.tumours != (base.scope.id,):
        diseases = base.vocabulary.diseases
        limits += [f"in {', '.join(diseases[id_].name if id_ in diseases else id_ for id_ in one.tumours)}"]
    limits += [f"{what} unconfirmed" for what in one.unsupported]
    return f"{said} ({'; '.join(limits)})" if any(limits) else said


def paper_of(reference: Reference) -> str:
    """Return what names a paper in any rule base: its DOI, else its id."""
    return doi_paper(reference.doi) if reference.doi else reference.id


def doi_paper(doi: str) -> str:
    """Return what names the paper of a DOI, in which case has no meaning."""
    return f"doi:{doi.casefold()}"


def agent_subject(name: str, base: KnowledgeBase) -> AssertedOf:
    """Return an add-on or agent as a subject: the add-on that has the name, else the name itself."""
    known = base.add_on_names.get(fold(name))
    return AssertedOf("add-on", (known,)) if known else AssertedOf("agent", (name,))


def finding_in_words(name: str, state: str, base: KnowledgeBase) -> str:
    """Return a marker with its state in the normal form; one without levels keeps its state."""
    marker = base.vocabulary.markers.get(name)
    level = _LEVEL.get(state, state)
    has_levels = marker is not None and base.vocabulary.reading_of(marker, level) == level
    return f"{name} {level if has_levels else state}"


def _of_rule(rule: Rule, base: KnowledgeBase) -> Iterator[Assertion]:
    if not isinstance(rule, StrategyRule | ContextRule | MechanismRule):
        return
    ways = ways_of(rule.when, base.facts)
    met = sorted({tuple(sorted({_atom(atom, base) for atom in way})) for way in ways})
    given: tuple[str, ...] = ()
    if isinstance(rule, MechanismRule):
        direction, subjects = str(rule.conclusion), [AssertedOf("finding", way) for way in met]
    elif isinstance(rule, StrategyRule):
        direction, subjects = "sensitises", [AssertedOf("add-on", (rule.add_on,))]
    else:
        direction, subjects = rule.effect, [_findings(way) for way in met]
        if rule.agent:
            subjects = [agent_subject(rule.agent, base)]
    if not isinstance(rule, MechanismRule) and subjects[0].kind in ("add-on", "agent"):
        given = tuple(" and ".join(way) for way in met if way)
    for subject in subjects:
        for therapy in rule.therapies or ("",):
            for number in rule.references:
                yield Assertion(
                    subject,
                    therapy,
                    direction,
                    paper_of(base.references[number]),
                    given,
                    tuple(sorted(rule.evidence.tumour_types)),
                    _unsupported(rule),
                )


def _findings(way: tuple[str, ...]) -> AssertedOf:
    return AssertedOf("finding", way) if way else AssertedOf("therapy")


def _atom(atom: Atom, base: KnowledgeBase) -> str:
    return finding_in_words(atom.name, atom.state, base) if atom.kind == "marker" else str(atom)


def _unsupported(rule: Rule) -> tuple[str, ...]:
    if not isinstance(rule, StrategyRule):
        return ()
    ferroptosis = ("ferroptosis",) if rule.ferroptosis != "shown" else ()
    return (*ferroptosis, *rule.by_review_only)
