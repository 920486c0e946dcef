"""Faults of a rule base that loads all the same: findings with stable codes.

Each check is a function; its docstring is its page under docs/lint/: what it finds, why that matters,
and what to do. Levels: an error is wrong, a warning is likely wrong, a note is worth knowing.
"""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import combinations
from typing import Literal, NamedTuple

from .._text import fold
from ..engine.atoms import Atom, consistent
from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import ContextRule, MechanismRule, StrategyRule
from .literature import is_retracted, resting_on
from .map_gaps import off_the_map
from .other_evidence import beyond_reading, unreported_search, without_doi, without_relation
from .quotes import without_quote
from .reading_gaps import reading_gaps

Level = Literal["error", "warning", "note"]


class LintFinding(NamedTuple):
    """Something that a check found: in which record, where that stands, and what it is."""

    code: str
    level: Level
    record: str
    where: str
    message: str


class Check(NamedTuple):
    """A check: its stable code, its level, its name, and the function that runs it."""

    code: str
    level: Level
    name: str
    run: Callable[[KnowledgeBase], Iterator[tuple[str, str]]]

    @property
    def page(self) -> str:
        """The page of the check, as Markdown."""
        text = inspect.cleandoc(self.run.__doc__ or "")
        return f"# {self.code} {self.name}\n\nLevel: {self.level}\n\n{text}\n"


def lint(base: KnowledgeBase, codes: Collection[str] = ()) -> list[LintFinding]:
    """Return everything that the checks find, or those of these codes, by code and record."""
    return sorted(
        LintFinding(check.code, check.level, record, base.origins.get(record, ""), message)
        for check in CHECKS
        if not codes or check.code in codes
        for record, message in check.run(base)
    )


def _unreachable(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A rule that no tumour can fire.

    It requires a derived fact in a state that no mechanism concludes, or two states that exclude each
    other. It would never fire, unnoticed. Add the mechanism, or correct the condition.
    """
    for rule in base.content.rules:
        ways = base.measured_ways(rule.id)
        if not ways:
            yield rule.id, "it requires a state that no mechanism concludes"
        elif not any(consistent(way) for way in ways):
            yield rule.id, "it requires states that exclude each other"


def _subsumed(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A rule that adds nothing to another rule.

    Whenever it fires, another one with the same conclusion fires as well. Two such rules drift apart
    when one is edited. Merge them, or make the difference in the conditions explicit.
    """
    concluding: dict[object, list[str]] = {}
    for rule in base.content.rules:
        if rule.conclusion is not None:
            concluding.setdefault(("mechanism", rule.conclusion), []).append(rule.id)
        elif isinstance(rule, StrategyRule):
            concluding.setdefault(("strategy", rule.add_on), []).append(rule.id)
        elif isinstance(rule, ContextRule):
            concluding.setdefault(("context", rule.effect, rule.text), []).append(rule.id)
    ways = {rule.id: rule.ways for rule in base.compiled_rules}
    for rules in concluding.values():
        for one in rules:
            for other in rules:
                if one != other and all(any(wide <= way for wide in ways[other]) for way in ways[one]):
                    yield one, f"whenever it fires, {other} fires with the same conclusion"


def _contradictory(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Two context rules that fire together and state the opposite.

    According to one a finding resists a therapy, according to the other it sensitises to it. One of them may
    have its direction reversed, which is the most dangerous error of all. Check both against their sources;
    if both are right, describe in `limits` how they differ and in which direction each acts. Rules that cite
    the same paper do not contradict each other: an agent may help exactly where the resistance is. Nor do
    rules that require no finding: each of them is about a different agent.
    """
    contexts = [rule for rule in base.content.rules if isinstance(rule, ContextRule) and rule.when]
    ways = {rule.id: set(rule.ways) for rule in base.compiled_rules}
    for one, other in combinations(contexts, 2):
        if {one.effect, other.effect} == {"resists", "sensitises"} and ways[one.id] == ways[other.id]:
            if set(one.references) & set(other.references):
                continue
            yield one.id, f"under the same conditions {other.id} states that it {other.effect}"


def _unused_marker(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A marker that no rule uses and no add-on targets.

    Reporting it changes no answer. That is not a fault: a vocabulary may know more names than the rules use,
    so that a profile which mentions them is not met with a notice. Candidates of ambiguous names are left
    out.
    """
    asked = {atom.name for atom in base.program.atoms if atom.kind == "marker"}
    asked |= {atom.name for ways in base.support_ways.values() for way in ways for atom in way}
    asked |= {target for add_on in base.content.add_ons for target in add_on.targets}
    asked |= {name for alias in base.content.ambiguous_aliases for name in alias.candidates}
    for marker in base.content.markers:
        if marker.symbol not in asked:
            yield marker.symbol, "no rule uses this marker"


def _unused_reference(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A reference that no rule and no claim cites, without a reason.

    Either a claim was forgotten, or the reference has nothing to say here. Cite it, or list it under
    `unused_references` with the reason.
    """
    used = {number for rule in base.content.rules for number in rule.references}
    used |= {number for claim in base.content.claims for number in claim.references}
    used |= {one.number for one in base.content.unused_references}
    used |= {one.paper.number for one in base.content.other_evidence}
    for number in sorted(base.references.keys() - used):
        yield f"reference {number}", "nothing cites it, and no reason is given"


def _state_never_produced(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A state of a derived fact that no mechanism concludes.

    A rule that requires it never fires. Add the mechanism or remove the state.
    """
    made = {rule.conclusion for rule in base.mechanisms}
    for fact in base.content.derived_facts:
        for state in fact.states:
            if Atom("fact", fact.id, state) not in made:
                yield fact.id, f"no mechanism concludes the state {state}"


def _missing_doi(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A reference without a DOI and without a reason.

    Readers follow the DOI to check us. Add it as printed in the review, or say under `no_doi` why there is
    none.
    """
    for reference in base.content.references:
        if not reference.doi and not reference.no_doi:
            yield f"reference {reference.number}", "it has neither a DOI nor a reason for having none"


def _duplicate_example(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """An example that a rule has twice.

    The second shows nothing new. Replace it by one that takes another way to fire the rule, or a nearer miss.
    """
    for rule in base.content.rules:
        examples = [json.dumps(e, sort_keys=True) for e in (*rule.examples.fires, *rule.examples.near_misses)]
        for example, count in Counter(examples).items():
            if count > 1:
                yield rule.id, f"the example {example} stands {count} times"


def _claim_without_fate(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A claim of the review that no rule encodes, none disputes, and no reason excludes.

    The register promises a fate to every claim. Name the rules, or give the reason under `excluded`.
    A claim that names a rule which does not exist is found here as well.
    """
    for claim in base.content.claims:
        for rule in (*claim.rules, *claim.disputed):
            if rule not in base.rules:
                yield claim.id, f"it names the rule {rule}, which does not exist"
        if not (claim.rules or claim.disputed or claim.excluded):
            yield claim.id, "it has no fate"
        if claim.excluded and claim.rules:
            yield claim.id, "it is excluded and encoded at once"


def _unregistered_rule(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A rule that answers to no claim of the register.

    It may be sound, as a warning that follows from the status of an agent is. Otherwise it brings knowledge
    in past the audit.
    """
    named = {rule for claim in base.content.claims for rule in (*claim.rules, *claim.disputed)}
    for rule in base.rules:
        if rule not in named and rule not in base.pack_of:
            yield rule, "no claim of the register names it"


def _unused_add_on(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """An add-on that no strategy recommends.

    Nobody will ever see it. Add the strategy or remove the add-on.
    """
    used = {rule.add_on for rule in base.strategies}
    for add_on in base.content.add_ons:
        if add_on.id not in used:
            yield add_on.id, "no strategy recommends it"


def _evidence_mismatch(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A level of evidence that does not fit what was read.

    What is supported by a title only has the level title-only, and nothing else has. The ranking trusts the
    level.
    """
    for rule in base.content.rules:
        if isinstance(rule, MechanismRule | StrategyRule | ContextRule):
            evidence = rule.evidence
            if (evidence.basis == "title") != (evidence.level == "title-only"):
                yield rule.id, f"the level is {evidence.level}, but it was read from the {evidence.basis}"


def _without_limits(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A strategy that does not say what its evidence leaves open.

    A strategy is never shown without its limits. Write under `limits` what was not tested or not read.
    """
    for rule in base.strategies:
        if not rule.limits:
            yield rule.id, "a strategy needs limits"


def _unnamed_finding(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """An audit finding that touches no rule and no claim.

    Nobody who reads the answer will meet it. Name it under `audit` of the rules or claims that it is about.
    """
    named = {finding for rule in base.content.rules for finding in rule.audit}
    named |= {finding for claim in base.content.claims for finding in claim.audit}
    for finding in sorted(base.audit.keys() - named):
        yield finding, "no rule and no claim names it"


def _off_the_map(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A mechanism or an add-on that is missing from the drawn map of the ferroptosis pathway.

    Nobody who looks at the map of a tumour would see it at work. In `rules/map.yaml` show the derived fact in
    a box, its markers inside, an arrow for a mechanism that leads from one derived fact to another, and the
    add-on where it acts.
    """
    yield from off_the_map(base)


def _without_card(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """An audit finding of which no quiz question can be made, without a reason.

    A quiz shows two statements about a paper, the review's and the paper's own, and asks which one misreports
    it. Write both under `card`, short and alike in style, so that only the paper decides; or give under
    `no_card` the reason why the choice would be unfair. A finding with both, and a card with the same
    statement twice, are found here as well.
    """
    for finding in base.content.audit:
        if finding.card and finding.no_card:
            yield finding.id, "it has a card and a reason for having none"
        elif finding.card and fold(finding.card.review) == fold(finding.card.paper):
            yield finding.id, "both statements of its card are the same"
        elif not (finding.card or finding.no_card):
            yield finding.id, "it has neither a card nor a reason for having none"


def _retracted(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A rule that rests on a retracted paper.

    Its finding can no longer be trusted. Remove the rule, or support it by another paper. A disputed claim
    may cite a retracted paper, since it recommends nothing.
    """
    for number, rules in resting_on(base).items():
        if is_retracted(base.references[number]):
            for rule in rules:
                yield rule, f"it rests on {base.references[number].id}, which was retracted"


def _without_verdict(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A strategy or context that was not held against drug screens, while others were.

    Each has a verdict, or a reason why no screen can speak to it. Run `make corroborate DATA=DIR` again.
    Rules of packs, and rule bases without any verdict, are left out. A verdict on a rule that does not exist
    is found here as well.
    """
    for name in base.corroboration.keys() - base.rules.keys():
        yield name, "it has a verdict of drug screens and does not exist"
    seen = base.corroboration.keys() | base.pack_of.keys()
    for rule in base.content.rules if base.corroboration else ():
        if isinstance(rule, StrategyRule | ContextRule) and rule.id not in seen:
            yield rule.id, "it has neither a verdict of drug screens nor a reason for having none"


def _incomplete_reading(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A reading of the review that leaves out a finding of the audit or a shipped rule.

    A pack with the section `reading` replaces shipped rules, for comparison only. Each finding needs the
    rules that hold its statement as it is printed, or a reason why none can; each rule of the pack belongs to
    a finding. Each shipped strategy, mechanism and context is shared, omitted, or what a paper of a finding
    reports. Otherwise a new rule or finding would be missing from the comparison, unnoticed.
    """
    yield from reading_gaps(base)


CHECKS = (
    Check("RL001", "error", "unreachable-rule", _unreachable),
    Check("RL002", "warning", "subsumed-rule", _subsumed),
    Check("RL003", "warning", "contradictory-pair", _contradictory),
    Check("RL004", "note", "unused-marker", _unused_marker),
    Check("RL005", "warning", "unused-reference", _unused_reference),
    Check("RL006", "warning", "state-never-produced", _state_never_produced),
    Check("RL007", "warning", "missing-doi", _missing_doi),
    Check("RL008", "warning", "duplicate-example", _duplicate_example),
    Check("RL009", "error", "claim-without-fate", _claim_without_fate),
    Check("RL010", "note", "unregistered-rule", _unregistered_rule),
    Check("RL011", "warning", "unused-add-on", _unused_add_on),
    Check("RL012", "error", "evidence-mismatch", _evidence_mismatch),
    Check("RL013", "error", "strategy-without-limits", _without_limits),
    Check("RL014", "warning", "unnamed-finding", _unnamed_finding),
    Check("RL015", "warning", "off-the-map", _off_the_map),
    Check("RL016", "warning", "finding-without-card", _without_card),
    Check("RL017", "error", "retracted-paper", _retracted),
    Check("RL018", "warning", "rule-without-verdict", _without_verdict),
    Check("RL019", "error", "incomplete-reading", _incomplete_reading),
    Check("RL021", "error", "paper-without-relation", without_relation),
    Check("RL022", "error", "more-than-was-read", beyond_reading),
    Check("RL023", "error", "paper-without-doi", without_doi),
    Check("RL024", "error", "paper-of-no-search", unreported_search),
    Check("RL025", "note", "rule-without-quote", without_quote),
)

OF_READINGS = ("RL019",)
"""The checks that a shipped reading has to pass; it is known to be wrong in all else."""
