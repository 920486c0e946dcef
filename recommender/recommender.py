"""The way through the house: profile, facts, fired rules, suggestions, ranking, result."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ._errors import DifferenceError, EngineLost
from ._values import cached_property
from .engine import Engine, EngineName, make_engine
from .engine.atoms import Atom
from .engine.plain import PlainEngine  # here, for an answer imports nothing
from .evaluation.facts import Facts, Notice, read_facts
from .evaluation.gaps import Gaps
from .evaluation.proof import Proofs
from .evaluation.unread import unread
from .knowledge.base import KnowledgeBase
from .knowledge.loading import load_rules
from .knowledge.weights import Weights, checked_weights, read_weights
from .options import Options
from .profile import Profile
from .ranking.combinations import combine
from .ranking.next_tests import MarkerTests, rank_movers, with_top_shift
from .ranking.sensitivity import SensitivityAnalysis
from .ranking.suggestions import Suggester
from .result.builder import ResultBuilder
from .result.contexts import therapy_cautions, undecided_contexts
from .result.given import GivenViews
from .result.measuring import capped, next_test_views
from .result.model import Result
from .result.notices import conflicts, notice_views
from .result.outlook import NextTest
from .result.parts import (
    EngineStamp,
    NoticeView,
    OptionsView,
    ProfileStamp,
    RuleBaseStamp,
)
from .result.references import labels_not_checked

if TYPE_CHECKING:
    from .evaluation.explanation import Node
    from .evaluation.trace import Firing
    from .whatif import Effect

ENGINE_REPLACED = "ENGINE_REPLACED"
"""The notice of an answer for which the plain engine stepped in."""


def _weights(given: str | Path | Weights) -> Weights:
    return read_weights(given) if isinstance(given, str | Path) else checked_weights(given)


class _Fired(NamedTuple):
    """The clauses that fired, the engine that fired them, and how the other engine was lost, if it was."""

    clauses: list[int]
    engine: Engine
    lost: EngineLost | None


class Recommender:
    """Answers profiles from a rule base. Make one and use it for many profiles.

    Copies and pickles hold its options and folders, not the rules: they read the folders anew.

    >>> from recommender import Profile, Recommender
    >>> result = Recommender().recommend(
    ...     Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    ... )
    >>> result.label
    'PRECLINICAL EVIDENCE'
    >>> result.recommendations[0].add_on.name
    'orlistat'
    """

    def __init__(
        self,
        *,
        rules: Sequence[str | Path] = (),
        base: str | Path | KnowledgeBase | None = None,
        engine: EngineName | None = None,
        use_cache: bool = True,
        isolated: bool = False,
        weights: str | Path | Weights | None = None,
    ) -> None:
        """Load the shipped rules, or those in the folder `base`, with the folders `rules` laid over them.

        A `base` that is loaded already is taken as it is, without `rules` and `weights`. `weights` replace
        those of the ranking: a whole number in per cent for each dimension, or a file of them.
        `engine` is "durable" or "plain"; without it durable-rules is taken where it loads. `isolated` runs
        durable-rules in a process of its own, for long work that its end must not end: the plain engine
        answers then, with the notice ENGINE_REPLACED.

        Raises RuleBaseError, EngineError; InputError for weights.
        """
        kept = Path(base).absolute() if base and not isinstance(base, KnowledgeBase) else base or None
        self._remake = partial(
            type(self),
            rules=[Path(folder).absolute() for folder in rules],
            base=kept,
            engine=engine,
            use_cache=use_cache,
            isolated=isolated,
            weights=weights,
        )
        if not isinstance(base, KnowledgeBase):
            base = load_rules(rules, base, use_cache=use_cache)
            base = base.reweighted(_weights(weights)) if weights is not None else base
        self.base: KnowledgeBase = base
        self._isolated = isolated
        self.engine: Engine = make_engine(self.base.program, engine, isolated=isolated)
        self._suggester = Suggester(self.base)
        self._gaps = Gaps(self.base)
        self._next_tests = MarkerTests(self.base)
        self._parts = ResultBuilder(self.base)
        self._given = GivenViews(self.base)

    def reweighted(self, weights: Weights) -> "Recommender":
        """Return a recommender with the same rules that orders by other weights. Raises InputError."""
        return self._remake(base=self.base.reweighted(checked_weights(weights)))

    def __reduce__(self) -> "tuple[partial[Recommender], tuple[()]]":
        return self._remake, ()

    def recommend(
        self,
        profile: Profile,
        *,
        brief: bool = False,
        strict: bool = False,
        any_disease: bool = False,
        verify: bool = False,
    ) -> Result:
        """Return the answer for a profile.

        `brief` leaves out what is undecided, blocked and next to test, and what these could do to the
        order. `strict` makes unknown names an error. `any_disease` ranks outside the scope as well.
        `verify` lets both engines answer. Raises InputError; DifferenceError when `verify` finds one;
        EngineError.
        """
        options = Options(brief=brief, strict=strict, any_disease=any_disease, verify=verify)
        return self.answer(profile, options)

    def answer(self, profile: Profile, options: Options) -> Result:
        """Return the answer for a profile, with the options as a record. Raises as `recommend` does."""
        if not isinstance(profile, Profile):
            what = f"recommend() takes a Profile, not a {type(profile).__name__}: use Profile.parse(...)"
            raise TypeError(what)
        facts = read_facts(profile, self.base, strict=options.strict)
        notices = list(facts.notices)
        fired = self._fire(facts)
        if options.verify:
            self._verify(facts, fired)
        if fired.lost:
            notices.append(Notice(ENGINE_REPLACED, "", f"{fired.lost}: the plain engine fired the rules."))
        proofs = Proofs(self.base, facts, fired.clauses)
        ranks = self._may_rank(facts, options.any_disease, notices)
        ranked = self._suggester.suggest(facts, proofs) if ranks else []
        suggestions = [suggestion for suggestion, _ in ranked]
        full = ranks and not options.brief
        open_, closed = self._gaps.find(facts, proofs) if full else ([], [])
        unsettled = self._gaps.unsettled(proofs) if full else []
        lacking = [] if options.brief else self._gaps.contexts(proofs)
        outlook = self._sensitivity.outlook(facts, proofs, suggestions, open_) if full else None
        parts = self._parts
        undecided = parts.undecided(open_, facts)
        notices += [*conflicts(proofs), *capped(undecided)]
        if self.base.grouped:
            notices += [*labels_not_checked(suggestions, self.base), *unread(facts, self.base)]
        tests = next_test_views(self._next_tests.find(open_, unsettled), self.base) if full else ()
        recommendations = tuple(
            parts.recommendation(suggestion, place, facts, proofs, outlook) for suggestion, place in ranked
        )
        result = Result(
            schema_version=self.base.schema_version,
            options=OptionsView(brief=options.brief, any_disease=options.any_disease),
            profile=ProfileStamp(
                id=profile.id,
                sha256=hashlib.sha256(profile.canonical().encode()).hexdigest(),
                note=profile.note,
            ),
            engine=EngineStamp(name=fired.engine.name, version=fired.engine.version),
            rule_base=self._parts.rule_base,
            disease=self._given.disease(facts),
            therapies=self._given.therapies(facts.therapies),
            resistant_to=self._given.therapies(facts.resistant_to),
            facts=self._given.facts(facts),
            derived=parts.derived(proofs),
            recommendations=recommendations,
            groups=parts.selections.groups(recommendations, tests, ranks=ranks),
            order=parts.order(outlook, ranked) if outlook else None,
            combinations=parts.combinations(combine(suggestions, proofs, self.base), suggestions)
            if full
            else None,
            disputed=parts.disputed(proofs),
            therapy_cautions=therapy_cautions(facts, proofs, self.base) if self.base.grouped else None,
            context=parts.context(facts, proofs, brief=options.brief),
            undecided=undecided,
            undecided_context=undecided_contexts(lacking, facts, self.base) if self.base.grouped else None,
            blocked=parts.blocked(closed, facts),
            next_tests=tests,
            notices=notice_views(notices),
        )
        return result if options.top is None else result.first(options.top)

    @property
    def rule_base(self) -> RuleBaseStamp:
        """The rules that answer, with the packs laid over them, as every result names them."""
        return self._parts.rule_base

    def notices(self, profile: Profile, *, any_disease: bool = False) -> tuple[NoticeView, ...]:
        """Return what a reader of any answer about the profile should know. Raises InputError."""
        facts = read_facts(profile, self.base)
        notices = list(facts.notices)
        self._may_rank(facts, any_disease, notices)
        return notice_views(notices)

    def fired(self, profile: Profile) -> "list[Firing]":
        """Return the rules that fire for a profile, stage by stage, the same on either engine.

        The plain engine answers where durable-rules was lost. Raises InputError, EngineError.
        """
        from .evaluation.trace import firings

        facts = read_facts(profile, self.base)
        return firings(self.base, facts, self._fire(facts).clauses)

    def explain(self, profile: Profile, name: str) -> "list[Node]":
        """Return why a rule, recommendation, add-on or derived fact holds for a profile, or why not.

        Raises InputError.
        """
        from .evaluation.explanation import Explainer

        return Explainer(self.base, read_facts(profile, self.base)).explain(name)

    def next_tests(self, profile: Profile, *, any_disease: bool = False) -> tuple[NextTest, ...]:
        """Return the unmeasured markers by what knowing them could decide, and how the top could move.

        The plain engine answers where durable-rules was lost. Raises InputError, EngineError.
        """
        facts = read_facts(profile, self.base)
        if not self._may_rank(facts, any_disease, []):
            return ()
        proofs = Proofs(self.base, facts, self._fire(facts).clauses)
        open_, _ = self._gaps.find(facts, proofs)
        unsettled = self._gaps.unsettled(proofs)

        def first_places(found: Atom | None) -> list[str]:
            wider = facts if found is None else facts.having([found])
            found_proofs = Proofs(self.base, wider, self._fire(wider).clauses)
            return [one.id for one in self._suggester.order(wider, found_proofs)]

        tests = self._next_tests.find(open_, unsettled)
        if not self.base.grouped:  # with groups, a finding selects or not, and those that could are above
            tests += rank_movers(self.base, facts, proofs.rules, open_)
        return next_test_views(with_top_shift(tests, facts, self.base, first_places), self.base)

    def whatif(
        self,
        profile: Profile,
        *,
        set: Mapping[str, str] | str | Sequence[str] = (),  # noqa: A002 - the name of the flag
        unset: str | Sequence[str] = (),
        therapy: str | Sequence[str] = (),
        any_disease: bool = False,
    ) -> "Effect":
        """Return which recommendations enter, leave and move after changes of a profile.

        `set` has findings (`{"FGFR4": "high"}` or "FGFR4=high"), `unset` markers to treat as not measured,
        `therapy` names to add ("+radiotherapy") or to remove ("-sorafenib"). Raises InputError, EngineError.
        """
        from .whatif import Changes, changed, effect

        other = changed(profile, Changes.given(set, unset, therapy), self.base)
        before, after = (self.recommend(one, any_disease=any_disease) for one in (profile, other))
        return effect(before, after)

    def report(self, profile: Profile, *, any_disease: bool = False) -> str:
        """Return one self-contained page of HTML about a profile. Raises InputError, EngineError."""
        from .reports.case_report import case_report
        from .views.pages import report_page

        return report_page(case_report(self, profile, Options(any_disease=any_disease)))

    def map(self, profile: Profile, *, any_disease: bool = False) -> str:
        """Return the ferroptosis pathway of a profile as SVG. Raises InputError, EngineError."""
        from .reports.tumour_map import tumour_map
        from .views.drawing import as_svg

        return as_svg(tumour_map(self.recommend(profile, any_disease=any_disease), self.base))

    def _fire(self, facts: Facts) -> _Fired:
        """Return what fires. The plain engine steps in where durable-rules is lost. Raises EngineError."""
        have = self.base.program.mask(facts.sources(self.base))
        try:
            return _Fired(self.engine.fire(have), self.engine, None)
        except EngineLost as lost:
            return _Fired(self._plain.fire(have), self._plain, lost)

    def _verify(self, facts: Facts, found: _Fired) -> None:
        """Raises DifferenceError where the other engine fires other clauses, or one of them was lost."""
        other, fired = self._other_engine, found.clauses
        try:
            if found.lost:
                raise found.lost
            theirs = other.fire(self.base.program.mask(facts.sources(self.base)))
        except EngineLost as lost:
            raise DifferenceError(f"The engines cannot be compared: {lost}.") from None
        if theirs != fired:
            clauses = self.base.program.clauses
            only = [f"{clauses[p].rule} only with {self.engine.name}" for p in sorted({*fired} - {*theirs})]
            only += [f"{clauses[p].rule} only with {other.name}" for p in sorted({*theirs} - {*fired})]
            raise DifferenceError("The engines disagree: " + "; ".join(only or ["in their order"]) + ".")

    @cached_property
    def _sensitivity(self) -> SensitivityAnalysis:
        return SensitivityAnalysis(self.base, self._suggester)

    @cached_property
    def _plain(self) -> Engine:
        return self.engine if isinstance(self.engine, PlainEngine) else PlainEngine(self.base.program)

    @cached_property
    def _other_engine(self) -> Engine:
        if self.engine.name != "plain":
            return self._plain
        return make_engine(self.base.program, "durable", isolated=self._isolated)

    def _may_rank(self, facts: Facts, any_disease: bool, notices: list[Notice]) -> bool:
        """Return True where anything is to be ranked; add why not, and limits of a short list, as notices."""
        if not facts.therapies:
            what = "Nothing is ranked: the profile contains no known therapy, and an add-on needs a partner."
            notices.append(Notice("NO_THERAPY", "/therapies", what))
            return False
        disease = facts.disease
        if disease is None or not disease.in_scope:
            name = disease.name if disease else "the disease stated"
            done = "ranked all the same, as asked." if any_disease else "nothing is ranked."
            what = f"The evidence is about {self.base.scope.name}, not {name}: {done}"
            notices.append(Notice("OUTSIDE_SCOPE", "/disease", what))
            if not any_disease:
                return False
        without = [given for given in facts.therapies if not self._has_strategies(given.therapy)]
        for given in facts.therapies:
            if given in without:
                to_add = self.base.vocabulary.therapies[given.therapy].to_add
                what = (
                    f"No strategy of the rule base is for {given.name}. That is absence of evidence here, "
                    "not evidence that nothing works."
                )
                if to_add and len(without) == len(facts.therapies):
                    what = f"{given.name} alone selects no strategy. {to_add}"
                notices.append(Notice("NO_STRATEGY", given.source, what))
            if given.therapy in facts.failed:
                what = f"{given.name} is given as a partner, though it has failed."
                notices.append(Notice("PARTNER_FAILED", given.source, what))
        return True

    def _has_strategies(self, therapy: str) -> bool:
        """Return True where any strategy is for a therapy or a class above it."""
        return not self._partnered.isdisjoint(self.base.vocabulary.lineage(therapy))

    @cached_property
    def _partnered(self) -> set[str]:
        """The therapies that any strategy is for."""
        return {therapy for rule in self.base.strategies for therapy in rule.therapy}
