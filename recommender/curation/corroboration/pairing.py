"""What drug screens can be asked about each rule: a marker against a drug, or the reason why they cannot."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..._text import fold
from ...engine.atoms import Way
from ...knowledge.base import KnowledgeBase
from ...knowledge.corroboration_models import UNTESTABLE, Question, Untestable
from ...knowledge.rule_models import ContextRule, StrategyRule
from ...knowledge.screening_models import Screening

_UP, _DOWN = ("high", "positive", "amplified", "mutated"), ("low", "negative", "deleted")


class InTables(NamedTuple):
    """What the tables of the lines measure."""

    genes: frozenset[str]
    mutated: frozenset[str]


class ScreenedFinding(NamedTuple):
    """A marker that the tables have, and the mutations that the lines must have or must not have."""

    marker: str
    state: str
    among: tuple[tuple[str, str], ...] = ()


class Ask(NamedTuple):
    """A finding against a drug: the correlation that the rule implies is that of this sign."""

    question: Question
    finding: ScreenedFinding
    drug: str
    sign: int


class Drugs:
    """The drugs of all screens, by the therapies and add-ons that they are."""

    def __init__(self, names: Iterable[str], base: KnowledgeBase, screening: Screening) -> None:
        own = {fold(name): drug for name, drug in screening.drugs.items()}
        self.therapies: dict[str, frozenset[str]] = {}
        self.add_ons: dict[str, str] = {}
        for name in sorted(set(names)):
            given = own.get(fold(name))
            therapy = base.vocabulary.therapies.get(given) if given else base.vocabulary.therapy(name)
            add_on = given if given in base.add_ons else base.add_on_names.get(fold(name))
            if therapy:
                self.therapies[name] = frozenset(base.vocabulary.lineage(therapy.id))
            if add_on:
                self.add_ons[name] = add_on

    def of_therapies(self, therapies: Iterable[str]) -> list[str]:
        """Return the drugs that are one of the therapies, or fall under one."""
        wanted = set(therapies)
        return [name for name, lineage in self.therapies.items() if lineage & wanted]

    def of_add_on(self, add_on: str) -> list[str]:
        """Return the drugs that are an add-on."""
        return [name for name, drug in self.add_ons.items() if drug == add_on]


def asks_of(
    rule: StrategyRule | ContextRule,
    base: KnowledgeBase,
    screening: Screening,
    drugs: Drugs,
    measured: InTables,
) -> tuple[list[Ask], Untestable | None]:
    """Return what screens can be asked about a rule, or the reason why nothing can."""
    reasons: set[Untestable] = set(_by_nature(rule, base, screening))
    if reasons:
        return [], _deepest(reasons)
    findings, unreadable = _findings(rule, base, screening, measured)
    if not findings:
        return [], _deepest(unreadable or {"no-finding"})
    asks = [ask for finding in findings for ask in _asks(rule, finding, base, screening, drugs)]
    if not any(ask.question != "inducer" for ask in asks) and rule.therapies:
        return [], "agent-not-screened"
    return (asks, None) if asks else ([], "agent-not-screened")


def _deepest(reasons: Iterable[Untestable]) -> Untestable:
    return min(reasons, key=UNTESTABLE.index)


def _by_nature(
    rule: StrategyRule | ContextRule, base: KnowledgeBase, screening: Screening
) -> Iterator[Untestable]:
    """The reasons that no table could remove."""
    if isinstance(rule, ContextRule):
        if rule.effect == "prognostic":
            yield "prognosis"
        if rule.agent:
            yield "agent-given"
    else:
        kind = base.add_ons[rule.add_on].type
        if kind == "formulation":
            yield "formulation"
        if kind == "drug-combination":
            yield "combination"
    for therapy in rule.therapies:
        yield from (
            screening.by_therapy[one]
            for one in base.vocabulary.lineage(therapy)
            if one in screening.by_therapy
        )


def _findings(
    rule: StrategyRule | ContextRule, base: KnowledgeBase, screening: Screening, measured: InTables
) -> tuple[list[ScreenedFinding], set[Untestable]]:
    """The findings of a rule that the tables have, and the reasons why they lack the others."""
    ways = list(base.measured_ways(rule.id))
    if rule.id in base.support_ways:
        ways += base.measured_support(rule.id)
    found: dict[ScreenedFinding, None] = {}
    unreadable: set[Untestable] = set()
    for way in ways:
        finding = _finding(way, base, screening, measured)
        if isinstance(finding, ScreenedFinding):
            found.setdefault(finding)
        elif finding:
            unreadable.add(finding)
    return list(found), unreadable


def _finding(
    way: Way, base: KnowledgeBase, screening: Screening, measured: InTables
) -> ScreenedFinding | Untestable | None:
    """The finding of a way to meet a rule; a reason where the tables lack it; None where it needs none."""
    atoms = sorted(atom for atom in way if atom.kind == "marker")
    for atom in atoms:
        kind = base.vocabulary.markers[atom.name].kind
        reason = screening.by_marker.get(atom.name) or screening.by_kind.get(kind)
        if reason:
            return reason
    if not atoms:
        return None
    levels = [atom for atom in atoms if atom.state not in ("mutated", "wild-type")]
    others = [atom for atom in atoms if atom not in levels]
    if len(levels) > 1 or (not levels and len(others) > 1):
        return "several-findings"
    lacking = [one for one in levels if one.name not in measured.genes]
    lacking += [one for one in others if one.name not in measured.mutated]
    if lacking or any(one.state in ("amplified", "deleted") for one in levels):
        return "gene-not-in-table"
    if not levels:
        return ScreenedFinding(others[0].name, others[0].state)
    state = {"positive": "high", "negative": "low"}.get(levels[0].state, levels[0].state)
    return ScreenedFinding(levels[0].name, state, tuple((one.name, one.state) for one in others))


def _asks(
    rule: StrategyRule | ContextRule,
    finding: ScreenedFinding,
    base: KnowledgeBase,
    screening: Screening,
    drugs: Drugs,
) -> Iterator[Ask]:
    """Yield the pairs of one finding of a rule with drugs."""
    direction = 1 if finding.state in _UP else -1 if finding.state in _DOWN else 0
    if finding.state == "wild-type":
        direction = -1  # the table has 1 for a mutation
    if not direction:
        return
    inducers = drugs.of_therapies([screening.inducer])
    if isinstance(rule, StrategyRule):
        for drug in drugs.of_add_on(rule.add_on):
            yield Ask("add-on", finding, drug, -direction)
        given = drugs.of_therapies(rule.therapies) if _acts_on(rule, finding, base) else []
        sign = direction
    else:
        given = drugs.of_therapies(rule.therapies) if rule.therapies else []
        sign = direction if rule.effect == "resists" else -direction
    for drug in given:
        yield Ask("therapy", finding, drug, sign)
    if not rule.therapies or _names_defence(rule, base):
        for drug in inducers:
            if drug not in given:
                yield Ask("inducer", finding, drug, sign)


def _acts_on(rule: StrategyRule, finding: ScreenedFinding, base: KnowledgeBase) -> bool:
    """Return True where the add-on removes the finding, which should then correlate with resistance."""
    add_on = base.add_ons[rule.add_on]
    if finding.marker in add_on.targets:
        return True
    return any(
        name in add_on.acts_on for condition in (*rule.when, *rule.called_for_by) for name in condition
    )


def _names_defence(rule: StrategyRule | ContextRule, base: KnowledgeBase) -> bool:
    """Return True where a condition is a derived fact in a state that defends against ferroptosis."""
    conditions = (*rule.when, *(rule.called_for_by if isinstance(rule, StrategyRule) else ()))
    return any(
        state in base.facts[name].defences
        for condition in conditions
        for name, state in condition.items()
        if name in base.facts and isinstance(state, str)
    )
