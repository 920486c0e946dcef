"""What a paper must name to be about a rule, and the direction that the rule implies."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from ...engine.atoms import Way
from ...knowledge.base import KnowledgeBase
from ...knowledge.rule_models import ContextRule, MechanismRule, Rule, StrategyRule
from ...knowledge.triage_models import TriageWords
from .directions import RESISTS, SENSITISES, Sign, read_sentence
from .words import BY_TARGET, Lexicon, WordKind

TriagedKind = Literal["strategy", "context", "mechanism", "disputed"]
_MORE = {"high", "amplified", "positive", "present"}
_LESS = {"low", "deleted", "negative", "absent"}
_EFFECT: dict[str, Sign] = {"resists": RESISTS, "sensitises": SENSITISES}


class RuleTerms(NamedTuple):
    """The terms of a rule. A sign is +1 where more of the thing means resistance, -1 for the opposite.

    `leads` are things that a paper on the rule is about: an agent, or a target without one. `markers` are the
    findings and other targets. A sign of 0 stands for no direction.
    """

    rule: Rule
    kind: TriagedKind
    leads: dict[tuple[WordKind, str], Sign]
    markers: dict[str, Sign]
    therapies: tuple[str, ...]
    thin: bool
    claims: tuple[str, ...]


def terms_of_rules(base: KnowledgeBase, words: TriageWords, lexicon: Lexicon) -> list[RuleTerms]:
    """Return the terms of all rules that a new paper can be about; cautions are not among them."""
    claims: dict[str, list[str]] = {}
    for claim in base.content.claims:
        for name in (*claim.rules, *claim.disputed):
            claims.setdefault(name, []).append(claim.id)
    found = []
    for rule in base.content.rules:
        if rule.kind == "caution":
            continue
        leads, markers = _things(rule, base, lexicon)
        thin = rule.kind == "disputed" or rule.evidence.level in words.thin
        about = tuple(claims.get(rule.id, ()))
        found.append(RuleTerms(rule, rule.kind, leads, markers, rule.therapies, thin, about))
    return found


def _things(
    rule: Rule, base: KnowledgeBase, lexicon: Lexicon
) -> tuple[dict[tuple[WordKind, str], Sign], dict[str, Sign]]:
    ways = base.measured_ways(rule.id)
    match rule:
        case StrategyRule():
            add_on = base.add_ons[rule.add_on]
            leads: dict[tuple[WordKind, str], Sign] = {("add-on", add_on.id): SENSITISES}
            if add_on.type in BY_TARGET:
                leads |= _targeted(add_on.name, lexicon)
            support = base.measured_support(rule.id) if rule.id in base.support_ways else []
            own = {key for kind, key in leads if kind == "marker"}
            about = dict.fromkeys([*_signs([*ways, *support], 0), *add_on.targets])
            undirected: Sign = 0
            return leads, {symbol: undirected for symbol in about if symbol not in own}
        case ContextRule():
            effect = _EFFECT.get(rule.effect, 0)
            if rule.agent:
                return {("agent", rule.id): effect}, _signs(ways, 0)
            return {}, _signs(ways, effect)
        case MechanismRule():
            fact = base.facts[rule.conclusion.name]
            return {}, _signs(ways, RESISTS if rule.conclusion.state in fact.defences else SENSITISES)
        case _:
            return {}, _signs(ways, 0)


def _targeted(name: str, lexicon: Lexicon) -> dict[tuple[WordKind, str], Sign]:
    """The markers that an add-on is named after, such as "TSPO inhibition": less of them sensitises."""
    found: dict[tuple[WordKind, str], Sign] = {}
    for hits in lexicon.sentences(name):
        for symbol, level in read_sentence(hits).levels.items():
            found["marker", symbol] = RESISTS if level < 0 else SENSITISES
    return found


def _signs(ways: Iterable[Way], effect: Sign) -> dict[str, Sign]:
    """For each marker the sign that its states give an effect: 0 where they disagree, as do mutations."""
    states: dict[str, set[str]] = {}
    for way in ways:
        for atom in way:
            if atom.kind == "marker":
                states.setdefault(atom.name, set()).add(atom.state)
    signs: dict[str, Sign] = {}
    for symbol, names in sorted(states.items()):
        more, less = bool(names & _MORE), bool(names & _LESS)
        opposite: Sign = RESISTS if effect == SENSITISES else SENSITISES if effect == RESISTS else 0
        signs[symbol] = 0 if more == less else effect if more else opposite
    return signs
