"""Everything that was found, as the parts of the result. What the rule base fixes is made once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from ..engine.atoms import Way
from ..evaluation.facts import Facts
from ..evaluation.gaps import MAX_SETS, Closed, Open
from ..evaluation.proof import Met, Proofs
from ..evaluation.reasons import Reasons
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import AddOn, Reference
from ..knowledge.ranking_models import DIMENSIONS
from ..knowledge.rule_models import CautionRule, ContextRule, Evidence, StrategyRule
from ..ranking import combinations
from ..ranking.scoring import Place
from ..ranking.sensitivity import Outlook
from ..ranking.suggestions import Suggestion, SuggestionParts, partners
from .corroboration import CorroborationView, corroboration_view
from .ids import SubstanceView, ids_view
from .outlook import (
    Alternatives,
    Blocked,
    BlockedBy,
    Combinations,
    Hits,
    Order,
    PossibleLeader,
    Undecided,
)
from .parts import Derived, Disputed
from .recommendation import (
    AddOnView,
    CautionView,
    ContextEntry,
    EvidenceView,
    FiredRule,
    OtherEvidenceView,
    Recommendation,
    ReferenceView,
    ScoreParts,
    ScoreReasons,
)
from .references import audit, other_evidence, reference, source
from .stamps import rule_base_stamp
from .standing import Selections, held_back_views
from .wording import match_view, missing_sets, verdict, who_leads

MAX_KEPT = 4096
"""Views of each kind that are kept, where there are many: by suggestion, or by rule and what is behind it."""

_Record = TypeVar("_Record")
_View = TypeVar("_View")


class ResultBuilder:
    """Turns findings of one rule base into parts of a result."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._made: dict[object, object] = {}
        self._fixed_fields: dict[SuggestionParts, dict[str, Any]] = {}
        self._reasons = Reasons(base)
        self.selections = Selections(base)
        self._mechanisms = {rule.id: rule for rule in base.mechanisms}
        self._contexts = {rule.id: rule for rule in base.rules.values() if rule.kind == "context"}
        self._disputed_rules = {rule.id: rule for rule in base.rules.values() if rule.kind == "disputed"}
        self._disputed = lru_cache(maxsize=None)(self._make_disputed)
        self._fired = lru_cache(maxsize=MAX_KEPT)(self._make_fired)
        self._context_entry = lru_cache(maxsize=MAX_KEPT)(self._make_context_entry)
        self._therapies = lru_cache(maxsize=MAX_KEPT)(self._make_therapies)
        self._undecided = lru_cache(maxsize=MAX_KEPT)(self._make_undecided)
        self.rule_base = rule_base_stamp(base)

    def derived(self, proofs: Proofs) -> tuple[Derived, ...]:
        """Return the derived facts, by fact and rule."""
        found = []
        for name in self._mechanisms.keys() & proofs.rules.keys():
            rule = self._mechanisms[name]
            _, fact, state = rule.conclusion
            found.append(
                Derived(
                    fact=fact,
                    state=state,
                    meaning=self._base.facts[fact].states[state],
                    rule=name,
                    because=tuple(proofs.because(name)),
                    references=rule.references,
                )
            )
        return tuple(sorted(found, key=lambda one: (one.fact, one.state, one.rule)))

    def recommendation(
        self, suggestion: Suggestion, place: Place, facts: Facts, proofs: Proofs, outlook: Outlook | None
    ) -> Recommendation:
        """Return a suggestion as the reader sees it; in short without an outlook."""
        brief = outlook is None
        behind = self._reasons.behind
        rules = tuple([self._fired(rule.id, behind(rule.id, proofs), brief) for rule in suggestion.rules])
        return Recommendation(
            **self._fixed(suggestion),
            rank=place.rank,
            rank_acceptability=place.acceptability,
            first_acceptability=place.first,
            rules=rules,
            verdict=verdict(suggestion, place, outlook),
            selection=self.selections.of(suggestion, rules[0].matched, facts, proofs),
        )

    def _fixed(self, suggestion: Suggestion) -> dict[str, Any]:
        """The fields of a recommendation that depend on the suggestion alone, made once and kept."""
        known = self._fixed_fields.get(suggestion.key)
        if known is None:
            if len(self._fixed_fields) >= MAX_KEPT:
                self._fixed_fields.clear()
            known = self._fixed_fields[suggestion.key] = self._make_fixed(suggestion)
        return known

    def _make_fixed(self, suggestion: Suggestion) -> dict[str, Any]:
        lead, scored = suggestion.lead, suggestion.scored
        numbers = dict.fromkeys(number for rule in suggestion.rules for number in rule.evidence.references)
        return {
            "id": suggestion.id,
            "add_on": self._once(suggestion.add_on.id, suggestion.add_on, _add_on),
            "partner": self._base.vocabulary.therapies[suggestion.partner].name,
            "replaces_partner": suggestion.partner in suggestion.add_on.carries,
            "effect": lead.effect,
            "ferroptosis": lead.ferroptosis,
            "mechanism": lead.mechanism,
            "limits": lead.limits,
            "extrapolated": suggestion.extrapolated,
            "score": scored.score,
            "score_parts": self._once(scored.parts, scored.parts, _score_parts),
            "score_reasons": self._once(scored.reasons, scored.reasons, _score_reasons),
            "evidence": self.evidence(lead),
            "references": (
                *(self._once(number, self._base.references[number], self._reference) for number in numbers),
                *self.sources(suggestion.cautions),
            ),
            "cautions": tuple(self._once(rule.id, rule, self._caution) for rule in suggestion.cautions),
            "audit": tuple(self._once(finding.id, finding, audit) for finding in suggestion.audit),
            "group": suggestion.group,
            "held_back_because": held_back_views(suggestion.held_back, self._base),
        }

    def disputed(self, proofs: Proofs) -> tuple[Disputed, ...]:
        """Return the disputed claims that the profile touches, by id."""
        return tuple(map(self._disputed, sorted(self._disputed_rules.keys() & proofs.rules.keys())))

    def context(self, facts: Facts, proofs: Proofs, *, brief: bool) -> tuple[ContextEntry, ...]:
        """Return the context that the profile touches: marker-specific first, then by id."""
        behind, partners = self._reasons.behind, facts.partners
        entries = [
            self._context_entry(name, partners, behind(name, proofs), brief)
            for name in sorted(self._contexts.keys() & proofs.rules.keys())
            if not self._base.is_past(self._contexts[name], facts.failed)
        ]
        return tuple(sorted(entries, key=lambda one: not one.matched))

    def _make_context_entry(
        self, name: str, partners: tuple[str, ...], behind: tuple[Met, ...], brief: bool
    ) -> ContextEntry:
        rule = self._contexts[name]
        return ContextEntry(
            id=name,
            title=rule.title,
            effect=rule.effect,
            therapies=self._therapies(name, partners),
            text=rule.text,
            limits=rule.limits,
            matched=tuple([match_view(met) for met in behind if met.atom.kind != "therapy"]),
            evidence=self.evidence(rule),
            references=rule.evidence.references,
            audit=rule.audit,
            pack=self._base.pack_of.get(name),
            corroboration=None if brief else self._corroboration(name),
            other_evidence=None if brief else self._other_evidence(name),
        )

    def undecided(self, found: Iterable[Open], facts: Facts) -> tuple[Undecided, ...]:
        """Return the strategies that lack findings: those that lack least first."""
        entries = [
            self._undecided(one.rule.id, one.rule.add_on, one.sets, self._partner(one.rule, facts))
            for one in found
        ]
        return tuple(sorted(entries, key=lambda one: (len(one.missing), one.id)))

    def _make_undecided(self, rule: str, add_on: str, ways: tuple[Way, ...], partner: str) -> Undecided:
        sets = missing_sets(ways)
        return Undecided(
            id=rule,
            add_on=self._base.add_ons[add_on].name,
            partner=partner,
            missing=sets[0],
            minimal_sets=sets[:MAX_SETS],
            capped=len(sets) > MAX_SETS,
        )

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

    def order(self, outlook: Outlook, ranked: Sequence[tuple[Suggestion, Place]]) -> Order:
        """Return which add-ons could come first once more is measured, with a verdict in words."""
        leaders = tuple(
            PossibleLeader(
                id=one.suggestion.id,
                add_on=one.suggestion.add_on.name,
                partner=self._base.vocabulary.therapies[one.suggestion.partner].name,
                needs=missing_sets(one.sets),
            )
            for one in outlook.leaders
        )
        groups = self._base.ranking.groups
        none_selected = groups["selected"].when_empty if groups else ""
        said = who_leads(leaders, ranked, none_selected)
        return Order(verdict=said, possible_first=leaders, exact=outlook.exact)

    def combinations(
        self, found: combinations.DefenceCoverage, suggestions: Iterable[Suggestion]
    ) -> Combinations:
        """Return how the add-ons relate to the active defences and to one another."""
        return Combinations(
            note=combinations.NOTE if self._base.grouped else combinations.NOTE_BEFORE_GROUPS,
            defences=found.defences,
            matrix=tuple(
                Hits(id=one.id, add_on=one.add_on.name, defences=found.hits[one.id]) for one in suggestions
            ),
            alternatives=tuple(
                Alternatives(acts_on=node, recommendations=members) for node, members in found.alternatives
            ),
            complementary=found.complementary,
        )

    def _partner(self, rule: StrategyRule, facts: Facts) -> str:
        return ", ".join(self._therapies(rule.id, facts.partners))

    def _make_therapies(self, rule_id: str, given: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the therapies given that a rule is for."""
        fitting = partners(self._base.rules[rule_id].therapies, given, self._base)
        return tuple(self._base.vocabulary.therapies[one].name for one in fitting)

    def _make_fired(self, name: str, behind: tuple[Met, ...], brief: bool) -> FiredRule:
        return FiredRule(
            id=name,
            title=self._base.rules[name].title,
            matched=tuple(map(match_view, behind)),
            pack=self._base.pack_of.get(name),
            corroboration=None if brief else self._corroboration(name),
            other_evidence=None if brief else self._other_evidence(name),
        )

    def _corroboration(self, rule: str) -> CorroborationView | None:
        """Return the comparison of a rule with drug screens; None where none was made."""
        found = self._base.corroboration.get(rule) if self._base.grouped else None
        return self._once(rule, found, corroboration_view) if found else None

    def _other_evidence(self, rule: str) -> tuple[OtherEvidenceView, ...] | None:
        """Return the papers outside the review that bear on a rule; None in a rule base without groups."""
        return self._once(rule, rule, self._make_other_evidence) if self._base.grouped else None

    def _make_other_evidence(self, rule: str) -> tuple[OtherEvidenceView, ...]:
        return other_evidence(self._base.other_evidence.get(rule, ()), rule)

    def evidence(self, rule: StrategyRule | ContextRule) -> EvidenceView:
        """Return what the rule rests on."""
        return self._once(rule.id, rule.evidence, self._evidence_view)

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
            patient_samples=evidence.patient_samples if self._base.grouped else None,
        )

    def _caution(self, rule: CautionRule) -> CautionView:
        new = self._base.grouped
        return CautionView(
            id=rule.id,
            text=rule.text,
            references=rule.references,
            grade=rule.grade if new else None,
            flag=rule.flag if new else None,
            sources=(*(self._base.references[one].id for one in rule.references), *rule.sources)
            if new
            else None,
            pack=self._base.pack_of.get(rule.id),
        )

    def _reference(self, found: Reference) -> ReferenceView:
        shown = reference(found)
        if self._base.grouped:
            return shown
        return replace(shown, id=None, pmcid=None, literature_state=None)

    def sources(self, cautions: Iterable[CautionRule | CautionView]) -> tuple[ReferenceView, ...]:
        """Return the sources of cautions that are not works of the review, in their order."""
        known = self._base.sources
        named = dict.fromkeys(name for one in cautions for name in one.sources or () if name in known)
        return tuple(self._once(name, known[name], source) for name in named)

    def _make_disputed(self, name: str) -> Disputed:
        rule = self._disputed_rules[name]
        return Disputed(
            id=rule.id,
            claim=rule.claim,
            why=rule.why,
            audit=rule.audit,
            references=rule.references,
            pack=self._base.pack_of.get(rule.id),
        )

    def _once(self, key: object, record: _Record, make: Callable[[_Record], _View]) -> _View:
        """Return the view of a record of the rule base, made at the first call and shared from then on."""
        try:
            return self._made[make, key]  # type: ignore[return-value]
        except KeyError:
            return self._made.setdefault((make, key), make(record))  # type: ignore[return-value]


def _score_parts(parts: tuple[int, ...]) -> ScoreParts:
    return ScoreParts(**dict(zip(DIMENSIONS, parts, strict=True)))


def _score_reasons(reasons: tuple[str, ...]) -> ScoreReasons:
    return ScoreReasons(**dict(zip(DIMENSIONS, reasons, strict=True)))


def _add_on(add_on: AddOn) -> AddOnView:
    return AddOnView(
        id=add_on.id,
        name=add_on.name,
        type=add_on.type,
        targets=add_on.targets,
        status=add_on.status,
        status_note=add_on.status_note,
        status_source=add_on.status_source,
        ids=ids_view(add_on.ids) if add_on.ids else None,
        substances=tuple(SubstanceView(name=one.name, ids=ids_view(one.ids)) for one in add_on.substances)
        or None,
    )
