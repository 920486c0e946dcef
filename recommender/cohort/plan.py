"""The rule base as one query over columns: the second compiler.

The query reads a table `profiles` with a row for each profile, in the columns of `Layout`, and a table
`candidates` with a row for each strategy with each therapy. It gives a row for each suggestion, with
its score parts and its rank. Everything is integer arithmetic, as in `ranking`. Expressions are texts of
DuckDB's SQL; those made by `all_of` and `any_of` can be put into any other. Names in them are our own
(`m1`, `t2`, ids of rules), never a user's text.
"""
# ruff: noqa: S608 - no text of a user is in a query

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._errors import Problem, RuleBaseError
from .._values import cached_property
from ..engine.atoms import Atom, Way
from ..knowledge.base import KnowledgeBase
from ..knowledge.ranking_models import DIMENSIONS, GROUPS, HOLD_REASONS, HoldReason
from ..knowledge.rule_models import StrategyRule
from ..knowledge.suggestion_ids import suggestion_id
from ..ranking import marker_match
from ..ranking.grouping import Grouping
from ..ranking.suggestions import MAX_DEDUCTION, Suggester, actionability_step, applies, caution_step
from ..result.stamps import rule_base_stamp
from ..states import AXES, axis_of

_RANK = "rank() OVER (PARTITION BY row_number ORDER BY tier, total DESC)"

_STANDING = ("extrapolated", "tier", "held")
"""What of a strategy, apart from its points, a suggestion takes from the one that leads."""

_ALWAYS, _NEVER = "true", "false"

MAX_CAUTIONS = 64
"""Cautions are bits of one number."""

_LOWEST = -100
"""The fewest points of a step: from it on the points are counted in a number that holds the step as well."""
_TIER_AT = len(HOLD_REASONS)
_POINTS_AT = _TIER_AT + len(GROUPS).bit_length()
"""The bits from which on a number holds the tier, and the points; before them are reasons to hold back."""


class Layout:
    """The columns of the table of profiles: what the rules of a base ask about."""

    def __init__(self, base: KnowledgeBase) -> None:
        asked = set(base.program.atoms)
        asked |= {atom for ways in base.support_ways.values() for way in ways for atom in way}
        asked |= {atom for rule in base.support_ways for way in base.measured_support(rule) for atom in way}
        findings = sorted({(atom.name, axis_of(atom.state)) for atom in asked if atom.kind == "marker"})
        self.finding = {key: f"m{number}" for number, key in enumerate(findings)}
        """The column of each marker and axis; it holds the number of a state, 0 where it is unknown."""
        self.atom = {
            atom: f"{atom.kind[0]}{number}"
            for number, atom in enumerate(
                sorted(one for one in asked if one.kind in ("therapy", "resistant"))
            )
        }
        """The column of each therapy or class that rules use, given or failed; it is true or false."""
        self.partners = sorted(base.vocabulary.therapies)
        """The therapies by the numbers that the column `partners` holds."""

    @staticmethod
    def code(state: str) -> int:
        """Return the number of a state on its axis; 0 is unknown."""
        return AXES[axis_of(state)].index(state) + 1


class Candidate(NamedTuple):
    """A strategy with a therapy, and what of its score is the same for every profile."""

    partner: int
    slot: int
    pair: int
    extrapolated: bool
    partner_match: int
    evidence: int
    actionability: int
    fixed_penalty: int
    fixed_held: int
    """What holds it back whatever is found, as bits."""
    masks: tuple[int, ...]
    """For each amount of penalty points the cautions that apply here and have it, as bits."""
    holds: tuple[int, ...]
    """For each reason that cautions give to hold back, the cautions that apply here and give it, as bits."""


class Plan:
    """The query, and its table of candidates."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self.layout = Layout(base)
        self._suggester = Suggester(base)
        self._grouping = Grouping(base)
        self._ranking = base.ranking
        self.strategies = sorted(base.strategies, key=lambda rule: rule.id)
        """By id; their places are the slots of the query."""
        self.cautions: dict[tuple[str, tuple[str, ...]], int] = {}
        """The bit of each caution that weighs or holds back, with the others that would replace it."""
        weighed = {self._points("penalty", caution_step(rule)) for rule in base.cautions}
        self.points = sorted(weighed - {0})
        """The amounts of penalty points that cautions have."""
        given = {self._grouping.reason_of(rule) for rule in base.cautions}
        self.reasons = [reason for reason in HOLD_REASONS if reason in given]
        """The reasons to hold back that cautions give."""
        pairs = {
            (rule.add_on, therapy) for therapy in self.layout.partners for _, rule in self._beside(therapy)
        }
        self.pairs = sorted(pairs, key=lambda pair: suggestion_id(*pair))
        """Add-on and partner of every suggestion that can be made, by the id of the suggestion."""
        self.candidates = list(self._candidates())
        if len(self.cautions) > MAX_CAUTIONS:
            what = f"{len(self.cautions)} cautions are more than the {MAX_CAUTIONS} that a cohort can have."
            raise RuleBaseError([Problem("", what)])

    def _points(self, dimension: Any, step: str) -> int:
        return self._ranking.dimensions[dimension].steps[step].points

    def _candidates(self) -> Iterable[Candidate]:
        number = {pair: at for at, pair in enumerate(self.pairs)}
        for partner, therapy in enumerate(self.layout.partners):
            for slot, rule in self._beside(therapy):
                add_on = self.base.add_ons[rule.add_on]
                masks: defaultdict[int, int] = defaultdict(int)
                holds: defaultdict[HoldReason | None, int] = defaultdict(int)
                apply = [one for one in self.base.cautions if applies(one, add_on, therapy, self.base)]
                for caution in apply:
                    points = self._points("penalty", caution_step(caution))
                    reason = self._grouping.reason_of(caution)
                    if points or reason:
                        sharper = tuple(one.id for one in apply if caution.id in one.sharpens)
                        bit = self.cautions.setdefault((caution.id, sharper), len(self.cautions))
                        masks[points] |= 1 << bit
                        holds[reason] |= 1 << bit
                yield Candidate(
                    partner=partner,
                    slot=slot,
                    pair=number[rule.add_on, therapy],
                    extrapolated=self._grouping.extrapolated(rule),
                    partner_match=self._points("partner_match", self._suggester.partner_match(rule, therapy)),
                    evidence=self.base.levels[rule.evidence.level].points,
                    actionability=self._points("actionability", actionability_step(add_on)),
                    fixed_penalty=sum(
                        self._points("penalty", step) for step in self._suggester.penalties(rule)
                    ),
                    fixed_held=sum(_bit(one.reason) for one in self._grouping.always(rule)),
                    masks=tuple(masks[points] for points in self.points),
                    holds=tuple(holds[reason] for reason in self.reasons),
                )

    def _beside(self, therapy: str) -> Iterable[tuple[int, StrategyRule]]:
        """The strategies that can be added to a therapy, with their slots."""
        falls_under = self.base.vocabulary.falls_under
        return [
            (slot, rule) for slot, rule in enumerate(self.strategies) if falls_under(therapy, rule.therapies)
        ]

    @cached_property
    def several_rules(self) -> bool:
        """True where any suggestion can rest on more than one strategy."""
        return len(self.candidates) > len(self.pairs)

    @cached_property
    def query(self) -> str:
        """The whole query in DuckDB's SQL; its rows are suggestions by profile, rank and id."""
        weights = {name: self._ranking.dimensions[name].weight for name in DIMENSIONS}
        total = " + ".join(f"({weight}) * {name}" for name, weight in weights.items())
        held = [
            f"CASE WHEN cautions & hold{at} <> 0 THEN {_bit(reason)} ELSE 0 END"
            for at, reason in enumerate(self.reasons)
        ]
        beside = "row_number, steps, cautions, unnest(partners) AS partner"
        joined = "beside JOIN candidates USING (partner)"
        parted = [
            "row_number",
            "pair",
            "slot",
            "extrapolated",
            "steps[slot + 1] AS step",
            f"(step >> {_POINTS_AT}) + {_LOWEST} AS marker_match",
            " | ".join(["fixed_held", f"(step & {(1 << _TIER_AT) - 1})", *held]) + " AS held",
            f"{self._tier()} AS tier",
            "partner_match",
            "evidence",
            "actionability",
            f"greatest({-MAX_DEDUCTION}, fixed_penalty + {self._weighed()}) AS penalty",
        ]
        stages = [
            *self._known(),
            ("beside", f"SELECT {beside} FROM known"),
            ("parted", f"SELECT {', '.join(parted)} FROM {joined} WHERE step IS NOT NULL"),
            ("totalled", f"SELECT *, ({total})::INTEGER AS total FROM parted"),
            ("led", self._led()),
            ("ranked", f"SELECT *, {_RANK}::USMALLINT AS rank FROM led"),
        ]
        columns = ", ".join(("row_number", "rank", "pair", "total", "slots", *DIMENSIONS, *_STANDING))
        return _after(stages, f"SELECT {columns} FROM ranked ORDER BY row_number, rank, pair")

    def _led(self) -> str:
        """Suggestions from strategies: the one that scores best leads, and its score is taken."""
        if not self.several_rules:
            return "SELECT *, [slot] AS slots FROM totalled"
        order = "ORDER BY tier, total DESC, slot"
        taken = [f"first({name} {order}) AS {name}" for name in (*DIMENSIONS, *_STANDING, "total")]
        columns = ", ".join(("row_number", "pair", f"list(slot {order}) AS slots", *taken))
        return f"SELECT {columns} FROM totalled GROUP BY row_number, pair"

    def coverage_query(self) -> str:
        """Return a query for how many of the profiles fire each rule, by the ids of the rules."""
        rules = [rule.id for rule in self.base.content.rules]
        return self._after_stages(", ".join(f'count_if({self._fires(rule)}) AS "{rule}"' for rule in rules))

    def facts_query(self) -> str:
        """Return a query for the derived facts of each profile, in the columns of `fact`."""
        return self._after_stages(", ".join(("row_number", *self.fact.values())), "ORDER BY row_number")

    def _after_stages(self, columns: str, order: str = "") -> str:
        stages = self._stages()
        return _after(stages, f"SELECT {columns} FROM {_last(stages)} {order}")

    def _known(self) -> list[tuple[str, str]]:
        """Derived facts stage by stage, then the step of every strategy that fires, and the cautions."""
        stages = self._stages()
        steps = f"[{', '.join(map(self._marker_step, self.strategies))}]::INTEGER[] AS steps"
        bits = [
            f"CASE WHEN {self._stands(*caution)} THEN {1 << bit} ELSE 0 END::UBIGINT"
            for caution, bit in self.cautions.items()
        ]
        cautions = f"({' + '.join(bits) or '0::UBIGINT'}) AS cautions"
        known = f"SELECT row_number, partners, {steps}, {cautions} FROM {_last(stages)} WHERE ranks"
        return [*stages, ("known", known)]

    @cached_property
    def fact(self) -> dict[Atom, str]:
        """The column of each derived fact."""
        atoms = self.base.program.atoms
        return {atom: f"f{at}" for at, atom in enumerate(atoms) if atom.kind == "fact"}

    @cached_property
    def _clauses(self) -> dict[str, list[tuple[Atom, ...]]]:
        """The clauses of each rule."""
        found: defaultdict[str, list[tuple[Atom, ...]]] = defaultdict(list)
        for clause in self.base.program.clauses:
            found[clause.rule].append(tuple(self.base.program.atoms[at] for at in clause.atoms))
        return found

    def _stages(self) -> list[tuple[str, str]]:
        """Derived facts in the order in which they can be known."""
        givers: defaultdict[Atom, list[tuple[Atom, ...]]] = defaultdict(list)
        program = self.base.program
        for clause in program.clauses:
            if clause.gives:
                fact = program.atoms[clause.gives.bit_length() - 1]
                givers[fact].append(tuple(program.atoms[at] for at in clause.atoms))
        stages: list[tuple[str, str]] = []
        waiting = set(self.fact)
        while waiting:
            ready = sorted(
                fact
                for fact in waiting
                if not any(atom in waiting for atoms in givers[fact] for atom in atoms)
            )
            facts = [f"{any_of(map(self._all_of, givers[fact]))} AS {self.fact[fact]}" for fact in ready]
            stages.append((f"stage{len(stages)}", f"SELECT *, {', '.join(facts)} FROM {_last(stages)}"))
            waiting -= set(ready)
        return stages

    def _holds(self, atom: Atom) -> str:
        if atom.kind == "fact":
            return self.fact[atom]
        if atom.kind == "marker":
            return f"{self.layout.finding[atom.name, axis_of(atom.state)]} = {self.layout.code(atom.state)}"
        return self.layout.atom[atom]

    def _all_of(self, atoms: Iterable[Atom]) -> str:
        return all_of(map(self._holds, sorted(atoms)))

    def _fires(self, rule: str, kind: str | None = None) -> str:
        """Return whether a rule fires, by a clause that asks for something of a kind if that is given."""
        clauses = self._clauses[rule]
        chosen = [atoms for atoms in clauses if kind is None or any(atom.kind == kind for atom in atoms)]
        return any_of(map(self._all_of, chosen))

    def _weighed(self) -> str:
        """Return the points of the cautions: of the gravest one, or without groups of all together."""
        if not self.base.grouped:
            # The count is a number of one byte, too small for points of several cautions.
            count = "({1})::INTEGER * bit_count(cautions & mask{0})"
            return " + ".join(count.format(*one) for one in enumerate(self.points)) or "0"
        cases = (f"WHEN cautions & mask{at} <> 0 THEN {points}" for at, points in enumerate(self.points))
        return f"CASE {' '.join(cases)} ELSE 0 END" if self.points else "0"

    def _stands(self, caution: str, sharper: tuple[str, ...]) -> str:
        """Return whether a caution fires and none that would replace it does."""
        fires = self._fires(caution)
        return f"({fires} AND NOT {any_of(map(self._fires, sharper))})" if sharper else fires

    def _excluded(self, way: Way) -> str:
        """Return whether measured values exclude a way."""
        columns = [
            (self.layout.finding[atom.name, axis_of(atom.state)], self.layout.code(atom.state))
            for atom in sorted(way)
            if atom.kind == "marker"
        ]
        return any_of(f"({column} <> 0 AND {column} <> {code})" for column, code in columns)

    def _marker_step(self, rule: StrategyRule) -> str:
        """The step of the marker match as a number, or null where the strategy does not fire.

        The number holds the points, the tier to which the step leads, and its reason to hold back.
        """
        whens = [f"WHEN NOT {self._fires(rule.id)} THEN NULL"]
        for step, condition in marker_match.PRECEDENCE:
            points = self._points("marker_match", step) - _LOWEST
            reason = self._grouping.reason_of_step.get(step)
            number = points << _POINTS_AT | self._grouping.tier_of_step(step) << _TIER_AT
            number |= _bit(reason) if reason else 0
            meets = self._meets(rule, condition)
            if meets == _ALWAYS:
                whens.append(f"ELSE {number}")
                break
            if meets != _NEVER:
                whens.append(f"WHEN {meets} THEN {number}")
        return f"CASE {' '.join(whens)} END"

    def _tier(self) -> str:
        """The tier of a strategy, by the number of its step and what holds it back."""
        if not self._grouping.exists:
            return "extrapolated::INTEGER"
        tier = f"(step >> {_TIER_AT}) & {(1 << _POINTS_AT - _TIER_AT) - 1}"
        return f"CASE WHEN held <> 0 THEN {len(GROUPS) - 1} ELSE {tier} END"

    def _meets(self, rule: StrategyRule, condition: marker_match.Predicate) -> str:
        """Return whether a strategy that fires meets a condition of the marker match."""
        base, name = self.base, rule.id
        match condition:
            case "fires-by-marker":
                return self._fires(name, "marker")
            case "fires-by-fact":
                return self._fires(name, "fact")
            case "fires-by-history":
                return self._fires(name, "resistant")
            case "fires-by-target" if any(atom.kind == "fact" for way in self._clauses[name] for atom in way):
                return any_of(map(self._all_of, base.by_targets(rule, base.measured_ways(name))))
            case "always":
                return _ALWAYS
        return self._is_supported(rule, condition) if name in base.support_ways else _NEVER

    def _is_supported(self, rule: StrategyRule, condition: marker_match.Predicate) -> str:
        """Return whether what can select a strategy meets a condition of the marker match."""
        base, name = self.base, rule.id
        match condition:
            case "called-for-by-markers":
                return any_of(map(self._all_of, base.direct_support[name]))
            case "called-for-by-target":
                return any_of(map(self._all_of, base.by_targets(rule, base.measured_support(name))))
            case "called-for":
                return any_of(map(self._all_of, base.support_ways[name]))
            case "support-excluded" if excludable := base.excludable_support(name):
                return all_of(map(self._excluded, excludable))
            case "can-be-called-for":
                return _ALWAYS
        return _NEVER


def _bit(reason: HoldReason) -> int:
    return 1 << HOLD_REASONS.index(reason)


def all_of(conditions: Iterable[str]) -> str:
    """Return whether all conditions hold; true where there is none."""
    return f"({' AND '.join(given)})" if (given := list(conditions)) else _ALWAYS


def any_of(conditions: Iterable[str]) -> str:
    """Return whether any condition holds; false where there is none."""
    return f"({' OR '.join(given)})" if (given := list(conditions)) else _NEVER


def _last(stages: list[tuple[str, str]]) -> str:
    """The table that holds what is known after some stages."""
    return stages[-1][0] if stages else "profiles"


def _after(stages: list[tuple[str, str]], query: str) -> str:
    named = ", ".join(f"{name} AS ({select})" for name, select in stages)
    return f"WITH {named} {query}" if stages else query


def hash_of(base: KnowledgeBase) -> str:
    """Return the hash of the rule base, with the names and hashes of the packs laid over it behind it."""
    return rule_base_stamp(base).digests
