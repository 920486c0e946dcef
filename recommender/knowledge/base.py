"""The rule base in memory: its records by id, its vocabulary and its compiled program."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from .._text import fold
from .._values import cached_property
from ..engine.atoms import Atom, Way, minimal
from ..engine.numbering import Numbering, reach
from ..engine.program import CompiledRule, Program, compile_rules, measured_ways
from ..states import axis_of
from .conditions import ways_of
from .corroboration_models import Corroboration
from .models import LICENSED, AddOn, AuditFinding, Disease, EvidenceLevel, Reference, RuleBaseInfo
from .other_evidence_models import BEARINGS, OtherEvidence
from .ranking_models import Ranking
from .rule_models import CautionRule, Rule, StrategyRule
from .sections import Sections
from .source_models import CitedSource
from .state_words import StateWords
from .vocabulary import Vocabulary, add_on_spellings
from .weights import Weights, ranked_by

if TYPE_CHECKING:
    from .map_models import MapBox
    from .rule_file import RuleFile

SUPPORT = "what selects "
"""Before the id of a strategy, the name of what selects it without being required."""


class Pack(NamedTuple):
    """A folder of rule files laid over the shipped ones."""

    name: str
    sha256: str


class CompiledRules:
    """The rules of a base in the forms that engines and explanations need, each made once, when needed."""

    def __init__(self, content: "RuleFile") -> None:
        self._rules = content.rules
        self._facts = {fact.id for fact in content.derived_facts}
        self._roots = tuple(therapy.id for therapy in content.therapies if not therapy.parents)
        self._ways: dict[tuple[int, str], list[Way]] = {}

    def ways(self, index: int, conditions: str) -> list[Way]:
        """Return the ways to meet the conditions of the rule at `index` in one of its fields.

        Raises ConditionFault.
        """
        if (index, conditions) not in self._ways:
            written = getattr(self._rules[index], conditions)
            self._ways[index, conditions] = ways_of(written, self._facts)
        return self._ways[index, conditions]

    def therapies(self, rule: Rule) -> tuple[str, ...]:
        """Return the therapies of which one must be given: every root of their tree if the rule always holds.

        So every rule has a condition, as the engines require.
        """
        return self._roots if isinstance(rule, CautionRule) and rule.always else rule.therapies

    @cached_property
    def rules(self) -> list[CompiledRule]:
        """Every rule as the ways in which it can be met. Raises ConditionFault."""
        return [
            _compiled(rule, self.ways(index, "when"), self.therapies(rule))
            for index, rule in enumerate(self._rules)
        ]

    @cached_property
    def program(self) -> Program:
        """The rules as clauses for an engine. Raises CircularRules, TooDeep."""
        return compile_rules(self.rules)

    @cached_property
    def support_ways(self) -> dict[str, list[Way]]:
        """For each strategy the ways in which findings can select it without being required."""
        return {
            rule.id: self.ways(index, "called_for_by")
            for index, rule in enumerate(self._rules)
            if rule.kind == "strategy" and rule.called_for_by
        }

    def complete(self) -> None:
        """Make every form now, so that a pickle has them. Raises as they do."""
        for name in ("rules", "program", "support_ways", "unfolded"):
            getattr(self, name)

    @cached_property
    def unfolded(self) -> dict[str, list[Way]]:
        """For each rule, and each support of a strategy, the smallest sets of measured atoms that meet it.

        Raises TooManyWays.
        """
        supports = [CompiledRule(SUPPORT + rule, tuple(ways)) for rule, ways in self.support_ways.items()]
        return measured_ways([*self.rules, *supports])


class Checked(NamedTuple):
    """All records of a rule base, found to be without a fault, and the origin of each rule."""

    content: "RuleFile"
    """In an entry of the cache Sections, which have the same fields."""
    origins: dict[str, str]
    """File and line of each rule."""
    pack_of: dict[str, str]
    """The pack of each rule that was not shipped."""
    compiled: CompiledRules
    vocabulary: Vocabulary
    quotes: bytes = b"{}"
    """The sealed quotes as JSON, which no answer needs."""
    state_words: StateWords | None = None
    """The words for states, in an entry of the cache."""

    def complete(self) -> "Checked":
        """Return the same with everything that is otherwise made when needed. Raises as the parts do."""
        self.compiled.complete()
        self.vocabulary.complete()
        return self._replace(state_words=StateWords(self.content.importing, self.vocabulary))


class KnowledgeBase:
    """A rule base that has been checked.

    `content` holds all records, `compiled` and `vocabulary` its rules and names as they were made for the
    check, `origins` the file and line of each rule, and `pack_of` the pack of each rule that was not shipped.
    Of the packs `shown` it holds the other evidence only. `weights` replace those of the ranking.
    """

    def __init__(
        self,
        content: "RuleFile",
        *,
        sha256: str,
        origins: dict[str, str],
        packs: Sequence[Pack] = (),
        shown: Sequence[Pack] = (),
        pack_of: dict[str, str] | None = None,
        compiled: CompiledRules | None = None,
        vocabulary: Vocabulary | None = None,
        weights: Weights | None = None,
        quotes: bytes = b"{}",
        state_words: StateWords | None = None,
    ) -> None:
        assert content.rule_base is not None
        assert content.ranking is not None
        self.sections = content  # with the fields of a rule file, read when needed where they were kept
        self.info: RuleBaseInfo = content.rule_base
        self.weights = weights
        self.ranking: Ranking = ranked_by(content.ranking, weights) if weights else content.ranking
        self.sha256 = sha256
        self.origins = origins
        self.packs = tuple(packs)
        self.shown = tuple(shown)
        self._quotes = quotes
        self.pack_of = pack_of or {}
        self._compiled = compiled or CompiledRules(self.content)
        self.vocabulary = vocabulary or Vocabulary(self.content)
        self._state_words = state_words
        self.rules: dict[str, Rule] = {rule.id: rule for rule in content.rules}
        self.add_ons: dict[str, AddOn] = {add_on.id: add_on for add_on in content.add_ons}
        self.references: dict[int, Reference] = {ref.number: ref for ref in content.references}
        self.sources: dict[str, CitedSource] = {source.id: source for source in content.sources}
        self.audit: dict[str, AuditFinding] = {finding.id: finding for finding in content.audit}
        self.levels: dict[str, EvidenceLevel] = {level.id: level for level in content.evidence_levels}
        self.facts = {fact.id: fact for fact in content.derived_facts}
        self.mechanisms = [rule for rule in content.rules if rule.kind == "mechanism"]
        self.strategies = [rule for rule in content.rules if rule.kind == "strategy"]
        cautions = [rule for rule in content.rules if rule.kind == "caution"]
        self.cautions = [rule for rule in cautions if rule.concerns == "add-on"]
        self.therapy_cautions = {rule.id: rule for rule in cautions if rule.concerns == "therapy"}

    def reweighted(self, weights: Weights) -> "KnowledgeBase":
        """Return the same rules with other weights of the ranking."""
        return KnowledgeBase(
            self.sections,
            sha256=self.sha256,
            origins=self.origins,
            packs=self.packs,
            shown=self.shown,
            pack_of=self.pack_of,
            compiled=self._compiled,
            vocabulary=self.vocabulary,
            weights=weights,
            quotes=self._quotes,
            state_words=self._state_words,
        )

    @cached_property
    def content(self) -> "RuleFile":
        """All records, as one file of rules."""
        return self.sections.whole() if isinstance(self.sections, Sections) else self.sections

    @cached_property
    def state_words(self) -> StateWords:
        """The words for states that profiles and other files have."""
        return self._state_words or StateWords(self.sections.importing, self.vocabulary)

    @cached_property
    def quotes(self) -> "RuleFile":
        """The sealed quotes, and the rules without one: the sections of a rule file that hold them."""
        from .rule_file import RuleFile

        return RuleFile.model_validate_json(self._quotes)

    @property
    def grouped(self) -> bool:
        """True where the ranking has groups."""
        return bool(self.ranking.groups)

    @property
    def schema_version(self) -> Literal["1.0", "1.1"]:
        """The version of the result's format in which this rule base is answered."""
        return "1.1" if self.grouped else "1.0"

    @property
    def scope(self) -> Disease:
        """The disease that the evidence is about."""
        return self.vocabulary.diseases[self.info.scope]

    def boxes_of(self, add_on: AddOn) -> "tuple[MapBox, ...]":
        """Return the boxes of the map in which an add-on acts; none where there is no map."""
        boxes = self.sections.map.boxes if self.sections.map else ()
        return tuple(box for box in boxes if box.fact in add_on.acts_on or add_on.id in box.add_ons)

    def strategies_for(self, add_on: str, partner: str | None = None) -> list[StrategyRule]:
        """Return the strategies that add an add-on to a therapy, or to any."""
        return [
            rule
            for rule in self.strategies
            if rule.add_on == add_on
            and (partner is None or self.vocabulary.falls_under(partner, rule.therapies))
        ]

    @cached_property
    def program(self) -> Program:
        """The rules as clauses for an engine."""
        return self._compiled.program

    @cached_property
    def numbering(self) -> Numbering:
        """The bits of every atom that a rule requires or that selects a strategy."""
        return Numbering(
            self.program, (atom for ways in self.support_ways.values() for way in ways for atom in way)
        )

    @cached_property
    def reach(self) -> dict[str, int]:
        """For each rule every atom that it can depend on, also through derived facts, as a mask."""
        mask = self.numbering.mask
        return reach(self.program, {rule: map(mask, ways) for rule, ways in self.support_ways.items()})

    @property
    def compiled_rules(self) -> list[CompiledRule]:
        """Every rule as the ways in which it can be met."""
        return self._compiled.rules

    @property
    def support_ways(self) -> dict[str, list[Way]]:
        """For each strategy the ways in which findings can select it without being required."""
        return self._compiled.support_ways

    @cached_property
    def read(self) -> frozenset[tuple[str, str]]:
        """The markers that rules read, each with the axis of a state that they ask for."""
        support = (atom for ways in self.support_ways.values() for way in ways for atom in way)
        atoms = {*self.program.atoms, *support}
        return frozenset((atom.name, axis_of(atom.state)) for atom in atoms if atom.kind == "marker")

    @cached_property
    def add_on_names(self) -> dict[str, str]:
        """The ids of add-ons by their names, folded."""
        return {fold(name): one.id for one in self.add_ons.values() for name in add_on_spellings(one)}

    @cached_property
    def corroboration(self) -> dict[str, Corroboration]:
        """For each rule that was compared with drug screens, or cannot be, what came of it."""
        return {one.rule: one for one in self.sections.corroboration}

    @cached_property
    def other_evidence(self) -> dict[str, tuple[OtherEvidence, ...]]:
        """For each rule the papers outside the review that bear on it: what contradicts it first."""
        found = [(rule, one) for one in self.sections.other_evidence for rule in one.bears_on]
        found.sort(key=lambda pair: (BEARINGS.index(pair[1].bears_on[pair[0]]), pair[1].id))
        rules = dict.fromkeys(rule for rule, _ in found)
        return {rule: tuple(one for named, one in found if named == rule) for rule in rules}

    @cached_property
    def without_label(self) -> frozenset[str]:
        """The licensed add-ons of which no label is among the sources."""
        labelled = {name for one in self.sources.values() if one.type == "label" for name in one.add_ons}
        licensed = (one.id for one in self.add_ons.values() if one.status == LICENSED)
        return frozenset(licensed) - labelled

    @cached_property
    def direct_support(self) -> dict[str, list[Way]]:
        """Of the support ways those that need no derived fact."""
        return {
            rule: [way for way in ways if all(atom.kind != "fact" for atom in way)]
            for rule, ways in self.support_ways.items()
        }

    def by_targets(self, rule: StrategyRule, ways: Iterable[Way]) -> list[Way]:
        """Return those of the ways whose findings are all of targets of the add-on that the rule adds.

        There are none in a rule base without groups.
        """
        targets = set(self.add_ons[rule.add_on].targets) if self.grouped else set()
        found = ((way, {atom.name for atom in way if atom.kind == "marker"}) for way in ways)
        return [way for way, markers in found if markers and markers <= targets]

    def is_past(self, rule: Rule, failed: Iterable[str]) -> bool:
        """Return whether a rule is a context that predicts the response to a therapy which has failed."""
        if rule.kind != "context" or not rule.before_failure_only:
            return False
        return any(self.vocabulary.falls_under(one, rule.therapies) for one in failed)

    def therapies_of(self, rule: Rule) -> tuple[str, ...]:
        """Return the therapies of which the rule requires one; empty where it requires none."""
        return self._compiled.therapies(rule)

    def measured_ways(self, rule: str) -> list[Way]:
        """Return the smallest sets of findings and therapies that fire the rule."""
        return self._compiled.unfolded[rule]

    def measured_support(self, rule: str) -> list[Way]:
        """Return the smallest sets of findings that call for the strategy without being required."""
        return self._compiled.unfolded[SUPPORT + rule]

    def excludable_support(self, rule: str) -> list[Way]:
        """Return those that hold a marker: no measured value excludes a failed therapy."""
        return self._excludable_support[rule]

    @cached_property
    def _excludable_support(self) -> dict[str, list[Way]]:
        return {
            rule: [way for way in self.measured_support(rule) if any(atom.kind == "marker" for atom in way)]
            for rule in self.support_ways
        }


def _compiled(rule: Rule, ways: list[Way], therapies: Sequence[str]) -> CompiledRule:
    """The rule with one of the therapies among the ways to meet its conditions."""
    if therapies:
        given = [frozenset([Atom("therapy", therapy)]) for therapy in therapies]
        ways = minimal(way | therapy for way in ways for therapy in given)
    return CompiledRule(rule.id, tuple(ways), rule.conclusion)
