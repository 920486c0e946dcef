"""Everything that was found, as the parts of the result. What the rule base fixes is made once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from .facts import Facts, Notice
from .gaps import MOST_SETS, Closed, Open
from .knowledge.base import KnowledgeBase
from .knowledge.conditions import Atom, Way
from .knowledge.models import (
    AddOn,
    AuditFinding,
    CautionRule,
    ContextRule,
    Evidence,
    MechanismRule,
    Reference,
    StrategyRule,
)
from .proof import Met, Proofs
from .ranking import Place
from .result import (
    AddOnView,
    AuditView,
    Blocked,
    BlockedBy,
    CautionView,
    ContextEntry,
    Derived,
    Disputed,
    EvidenceView,
    Fact,
    FiredRule,
    Match,
    Missing,
    NextTest,
    NoticeView,
    Recommendation,
    ReferenceView,
    ScoreParts,
    ScoreReasons,
    Undecided,
)
from .suggestions import Suggestion, partners

RESISTANT = "resistant_to"
THERAPY = "therapy"

_Record = TypeVar("_Record")
_View = TypeVar("_View")


class Parts:
    """Turns findings of one rule base into parts of a result."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._made: dict[object, object] = {}

    def derived(self, proofs: Proofs) -> tuple[Derived, ...]:
        """Return the derived facts, by fact and rule."""
        found = []
        for rule_id in proofs.rules:
            rule = self._base.rules[rule_id]
            if isinstance(rule, MechanismRule):
                ((fact, state),) = rule.concludes.items()
                found.append(
                    Derived(
                        fact=fact,
                        state=state,
                        meaning=self._base.facts[fact].states[state],
                        rule=rule.id,
                        because=tuple(proofs.because(rule.id)),
                        references=rule.evidence.references,
                    )
                )
        return tuple(sorted(found, key=lambda one: (one.fact, one.state, one.rule)))

    def recommendation(self, suggestion: Suggestion, place: Place, proofs: Proofs) -> Recommendation:
        """Return a suggestion as the reader sees it."""
        lead, scored = suggestion.lead, suggestion.scored
        numbers = dict.fromkeys(number for rule in suggestion.rules for number in rule.evidence.references)
        marker, partner, evidence, actionability, penalty = scored.parts
        reasons = scored.reasons
        return Recommendation(
            rank=place.rank,
            id=suggestion.id,
            add_on=self._once(suggestion.add_on.id, suggestion.add_on, _add_on),
            partner=self._base.vocabulary.therapies[suggestion.partner].name,
            replaces_partner=suggestion.partner in suggestion.add_on.carries,
            effect=lead.effect,
            ferroptosis=lead.ferroptosis,
            mechanism=lead.mechanism,
            limits=lead.limits,
            extrapolated=suggestion.extrapolated,
            score=scored.score,
            score_parts=ScoreParts(
                marker_match=marker,
                partner_match=partner,
                evidence=evidence,
                actionability=actionability,
                penalty=penalty,
            ),
            score_reasons=ScoreReasons(
                marker_match=reasons[0],
                partner_match=reasons[1],
                evidence=reasons[2],
                actionability=reasons[3],
                penalty=reasons[4],
            ),
            rank_acceptability=place.acceptability,
            rules=tuple(self._fired(rule, proofs) for rule in suggestion.rules),
            evidence=self._evidence(lead),
            references=tuple(
                self._once(("reference", number), self._base.references[number], _reference)
                for number in numbers
            ),
            cautions=tuple(self._once(rule.id, rule, _caution) for rule in suggestion.cautions),
            audit=tuple(self._once(finding.id, finding, _audit) for finding in suggestion.audit),
        )

    def disputed(self, proofs: Proofs) -> tuple[Disputed, ...]:
        """Return the disputed claims that the profile touches, by id."""
        rules = [self._base.rules[rule_id] for rule_id in sorted(proofs.rules)]
        return tuple(
            Disputed(id=rule.id, claim=rule.claim, why=rule.why, audit=rule.audit, references=rule.references)
            for rule in rules
            if rule.kind == "disputed"
        )

    def context(self, facts: Facts, proofs: Proofs) -> tuple[ContextEntry, ...]:
        """Return the context that the profile touches: marker-specific first, then by id."""
        rules = [self._base.rules[rule_id] for rule_id in sorted(proofs.rules)]
        entries = [self._context_entry(rule, facts, proofs) for rule in rules if rule.kind == "context"]
        return tuple(sorted(entries, key=lambda one: (not one.matched, one.id)))

    def _context_entry(self, rule: ContextRule, facts: Facts, proofs: Proofs) -> ContextEntry:
        matched = [met for met in proofs.matched(rule.id) if met.atom.kind != "therapy"]
        therapies = self._base.vocabulary.therapies
        return ContextEntry(
            id=rule.id,
            title=rule.title,
            effect=rule.effect,
            therapies=tuple(therapies[partner].name for partner in partners(rule.therapy, facts, self._base)),
            text=rule.text,
            limits=rule.limits,
            matched=tuple(_match(met) for met in matched),
            evidence=self._evidence(rule),
            references=rule.evidence.references,
            audit=rule.audit,
        )

    def undecided(self, found: Iterable[Open], facts: Facts) -> tuple[Undecided, ...]:
        """Return the strategies that lack findings: those that lack least first."""
        entries = []
        for one in found:
            sets = _missing(one.sets)
            entries.append(
                Undecided(
                    id=one.rule.id,
                    add_on=self._base.add_ons[one.rule.add_on].name,
                    partner=self._partner(one.rule, facts),
                    missing=sets[0],
                    minimal_sets=tuple(sets[:MOST_SETS]),
                    capped=len(sets) > MOST_SETS,
                )
            )
        return tuple(sorted(entries, key=lambda one: (len(one.missing), one.id)))

    def blocked(self, found: Iterable[Closed], facts: Facts) -> tuple[Blocked, ...]:
        """Return the strategies that measured values rule out, by id."""
        entries = [
            Blocked(
                id=one.rule.id,
                add_on=self._base.add_ons[one.rule.add_on].name,
                partner=self._partner(one.rule, facts),
                blocked_by=tuple(
                    BlockedBy(
                        marker=obstacle.finding.marker,
                        measured=obstacle.finding.state,
                        needs=obstacle.needs,
                        source=obstacle.finding.source,
                    )
                    for obstacle in one.obstacles
                ),
            )
            for one in found
        ]
        return tuple(sorted(entries, key=lambda one: one.id))

    def next_tests(self, undecided: Sequence[Open]) -> tuple[NextTest, ...]:
        """Return unmeasured markers by what knowing them could decide.

        The gain of a marker is the mean, over the undecided strategies, of the share that it is
        of the smallest set of findings in which it would help to fire the strategy.
        """
        share: defaultdict[str, dict[str, float]] = defaultdict(dict)
        needs: defaultdict[str, set[str]] = defaultdict(set)
        for one in undecided:
            for way in one.sets:
                for atom in way:
                    if atom.kind == "marker":
                        known = share[atom.name].get(one.rule.id, 0.0)
                        share[atom.name][one.rule.id] = max(known, 1 / len(way))
                        needs[atom.name].add(atom.state)
        tests = [
            NextTest(
                marker=marker,
                needs=tuple(sorted(needs[marker])),
                gain=round(sum(shares.values()) / len(undecided), 4),
                would_decide=tuple(sorted(shares)),
            )
            for marker, shares in share.items()
        ]
        return tuple(sorted(tests, key=lambda test: (-test.gain, test.marker)))

    def _partner(self, rule: StrategyRule, facts: Facts) -> str:
        therapies = self._base.vocabulary.therapies
        return ", ".join(therapies[partner].name for partner in partners(rule.therapy, facts, self._base))

    def _fired(self, rule: StrategyRule, proofs: Proofs) -> FiredRule:
        met = proofs.matched(rule.id)
        support = [
            atom for way in self._base.support_ways.get(rule.id, ()) if way <= proofs.holds for atom in way
        ]
        met += [one for one in proofs.measured_behind(support) if one not in met]
        return FiredRule(
            id=rule.id,
            title=rule.title,
            matched=tuple(_match(one) for one in met),
            pack=self._base.pack_of.get(rule.id),
        )

    def _evidence(self, rule: StrategyRule | ContextRule) -> EvidenceView:
        return self._once(("evidence", rule.id), rule.evidence, self._evidence_view)

    def _evidence_view(self, evidence: Evidence) -> EvidenceView:
        level = self._base.levels[evidence.level]
        diseases = self._base.vocabulary.diseases
        return EvidenceView(
            level=level.id,
            level_meaning=level.name,
            models=evidence.models,
            tumour_types=tuple(diseases[disease].name for disease in evidence.tumour_types),
            basis=evidence.basis,
            civic_level=level.civic_level,
        )

    def _once(self, key: object, record: _Record, make: Callable[[_Record], _View]) -> _View:
        """Return the view of a record of the rule base, made at the first call."""
        if key not in self._made:
            self._made[key] = make(record)
        return self._made[key]  # type: ignore[return-value]


def facts(found: Facts) -> tuple[Fact, ...]:
    """Return the measured markers, by name."""
    return tuple(
        Fact(marker=one.marker, state=one.state, source=one.source, detail=one.detail)
        for one in found.findings
    )


def notices(found: Iterable[Notice]) -> tuple[NoticeView, ...]:
    """Return the notices by code and place."""
    ordered = sorted(set(found), key=lambda one: (one.code, one.path, one.message))
    return tuple(NoticeView(code=one.code, path=one.path, message=one.message) for one in ordered)


def conflicts(proofs: Proofs) -> list[Notice]:
    """Return a notice for each derived fact that findings drive into more than one state."""
    states: defaultdict[str, list[str]] = defaultdict(list)
    for atom in sorted(proofs.derived):
        states[atom.name].append(atom.state)
    return [
        Notice(
            "CONFLICTING_EVIDENCE",
            "/derived",
            f"The findings point both ways for {fact}: {' and '.join(found)}. Weigh them by hand.",
        )
        for fact, found in states.items()
        if len(found) > 1
    ]


def _match(met: Met) -> Match:
    atom = met.atom
    return Match(marker=_marker_name(atom), state=atom.state or atom.name, source=met.source, via=met.via)


def _marker_name(atom: Atom) -> str:
    return {"therapy": THERAPY, "resistant": RESISTANT}.get(atom.kind, atom.name)


def _missing(ways: Iterable[Way]) -> list[tuple[Missing, ...]]:
    """Sets of findings for a reader; sets that differ in the state of one marker become one."""
    sets: list[dict[str, frozenset[str]]] = []
    for way in ways:
        states: dict[str, frozenset[str]] = {}
        for atom in sorted(way):
            name = _marker_name(atom)
            states[name] = states.get(name, frozenset()) | {atom.state or atom.name}
        for known in sets:
            differing = [name for name in states if known.get(name) != states[name]]
            if known.keys() == states.keys() and len(differing) == 1:
                known[differing[0]] |= states[differing[0]]
                break
        else:
            sets.append(states)
    return [
        tuple(Missing(marker=name, needs=tuple(sorted(states[name]))) for name in sorted(states))
        for states in sets
    ]


def _add_on(add_on: AddOn) -> AddOnView:
    return AddOnView(
        id=add_on.id,
        name=add_on.name,
        type=add_on.type,
        targets=add_on.targets,
        status=add_on.status,
        status_note=add_on.status_note,
        status_source=add_on.status_source,
    )


def _reference(reference: Reference) -> ReferenceView:
    return ReferenceView(
        number=reference.number,
        citation=citation(reference),
        title=reference.title,
        year=reference.year,
        doi=reference.doi,
    )


def citation(reference: Reference) -> str:
    """Return the reference as one line: authors, journal, year, volume and pages."""
    authors = ", ".join(reference.authors[:3])
    others = " et al" if reference.et_al or len(reference.authors) > 3 else ""
    issue = f"({reference.issue})" if reference.issue else ""
    volume = f";{reference.volume}{issue}" if reference.volume else ""
    page = f":{reference.page}" if reference.page else ""
    return f"{authors}{others}. {reference.journal}. {reference.year}{volume}{page}."


def _caution(rule: CautionRule) -> CautionView:
    return CautionView(id=rule.id, text=rule.text, references=rule.references)


def _audit(finding: AuditFinding) -> AuditView:
    return AuditView(
        id=finding.id,
        severity=finding.severity,
        review_says=finding.review_says,
        cited_work_says=finding.cited_work_says,
    )
