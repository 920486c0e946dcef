"""Check that the records of a rule base fit together: names, states, references, circles, limits."""

from collections.abc import Iterable, Iterator
from typing import Any

from .._errors import Path, Problem
from .._text import did_you_mean, fold, one_of
from ..engine.atoms import Atom
from ..engine.limits import beyond
from ..engine.program import CircularRules, TooDeep, TooManyWays
from .base import SUPPORT, CompiledRules
from .checking_corroboration import corroboration_faults
from .checking_map import faults
from .conditions import ConditionFault
from .layers import overlaid
from .models import AmbiguousAlias
from .placing import RECORDS, Placed
from .ranking_models import DIMENSIONS
from .rule_file import RuleFile
from .rule_models import GRADES, CautionRule, DisputedRule, Rule, StrategyRule
from .vocabulary import Vocabulary


def check(
    content: RuleFile, compiled: CompiledRules, vocabulary: Vocabulary, placed: Placed
) -> list[Problem]:
    """Return everything that is wrong with the merged records, in the order of the files."""
    return list(_Checker(content, compiled, vocabulary, placed).problems())


def _place_of(conditions: Iterable[dict[str, Any]], atom: Atom) -> Path | None:
    """The path, inside conditions, to the first one that names the atom."""
    names = {"therapy": "therapy", "resistant": "resistant_to"}
    for index, condition in enumerate(conditions):
        for key, value in condition.items():
            if key in ("any_of", "all_of"):
                inner = _place_of(value, atom)
                if inner is not None:
                    return (index, key, *inner)
            words = [value] if isinstance(value, str) else value
            if key == names.get(atom.kind, atom.name) and (atom.state or atom.name) in words:
                return (index, key)
    return None


class _Checker:
    def __init__(
        self, content: RuleFile, compiled: CompiledRules, vocabulary: Vocabulary, placed: Placed
    ) -> None:
        self.content = content
        self.compiled = compiled
        self.placed = placed
        self.vocabulary = vocabulary
        self.facts = {fact.id: fact for fact in content.derived_facts}
        self.numbers = {reference.number for reference in content.references}
        self.sources = {source.id for source in content.sources}
        self.cautions = {rule.id: rule for rule in content.rules if rule.kind == "caution"}
        self.findings = {finding.id for finding in content.audit}
        self.levels = {level.id for level in content.evidence_levels}
        self.add_ons = {add_on.id for add_on in content.add_ons}

    def problems(self) -> Iterator[Problem]:
        yield from self._whole()
        yield from self._unique()
        yield from self._vocabulary()
        yield from self._importing()
        for path, what, hint in faults(self.content):
            yield self.placed.problem("map", None, path, what, hint)
        for section, at, path, what, hint in corroboration_faults(self.content, self.vocabulary):
            yield self.placed.problem(section, at, path, what, hint)
        levels = {one.id for one in self.content.evidence_levels}
        for at, level in enumerate(self.content.triage.thin if self.content.triage else ()):
            if level not in levels:
                what = f"{level!r} is not a level of evidence."
                yield self.placed.problem("triage", None, ("thin", at), what, did_you_mean(level, levels))
        for index, rule in enumerate(self.content.rules):
            yield from self._rule(index, rule)
        yield from self._program()

    def _whole(self) -> Iterator[Problem]:
        for section in ("rule_base", "ranking"):
            if getattr(self.content, section) is None:
                yield Problem("", f"no file has the section {section}; one must.")
        info = self.content.rule_base
        if info and info.scope not in self.vocabulary.diseases:
            yield self.placed.problem(
                "rule_base",
                None,
                ("scope",),
                f"the disease {info.scope!r} is not in the vocabulary.",
                did_you_mean(info.scope, self.vocabulary.diseases),
            )
        if self.content.ranking:
            given = self.content.ranking.dimensions
            if set(given) != set(DIMENSIONS):
                yield self.placed.problem(
                    "ranking",
                    None,
                    ("dimensions",),
                    f"the dimensions must be {one_of(DIMENSIONS).replace(' or ', ' and ')}.",
                )

    def _unique(self) -> Iterator[Problem]:
        for section, (_, key) in RECORDS.items():
            first: dict[object, str] = {}
            for index, record in enumerate(getattr(self.content, section)):
                name = getattr(record, key)
                if name in first:
                    yield self.placed.problem(section, index, (), f"this {key} is taken: see {first[name]}.")
                first.setdefault(name, self.placed.of(section, index, (key,)))

    def _vocabulary(self) -> Iterator[Problem]:
        kinds = {kind.id for kind in self.content.marker_kinds}
        for index, marker in enumerate(self.content.markers):
            if marker.kind not in kinds:
                yield self._unknown("markers", index, ("kind",), "marker kind", marker.kind, kinds)
        for index, alias in enumerate(self.content.ambiguous_aliases):
            yield from self._ambiguous(index, alias)
        for index, therapy in enumerate(self.content.therapies):
            for parent in therapy.parents:
                if parent not in self.vocabulary.therapies:
                    yield self._unknown(
                        "therapies", index, ("parents",), "therapy", parent, self.vocabulary.therapies
                    )
            if self._is_its_own_ancestor(therapy.id):
                yield self.placed.problem("therapies", index, ("parents",), "it is its own ancestor.")
        for index, add_on in enumerate(self.content.add_ons):
            for target in add_on.targets:
                if target not in self.vocabulary.markers:
                    yield self._unknown(
                        "add_ons", index, ("targets",), "marker", target, self.vocabulary.markers
                    )
            for fact in add_on.acts_on:
                if fact not in self.facts:
                    yield self._unknown("add_ons", index, ("acts_on",), "derived fact", fact, self.facts)
            for carried in add_on.carries:
                if carried not in self.vocabulary.therapies:
                    yield self._unknown(
                        "add_ons", index, ("carries",), "therapy", carried, self.vocabulary.therapies
                    )
        for index, derived in enumerate(self.content.derived_facts):
            for state in derived.defences:
                if state not in derived.states:
                    yield self._unknown("derived_facts", index, ("defences",), "state", state, derived.states)
        refused = overlaid(self.content, self.placed)
        yield from refused.problems
        for clash in self.vocabulary.clashes():
            if fold(clash.name) not in refused.names:
                what = f"the name {clash.name!r} is claimed by {clash.first} and by {clash.second}."
                yield Problem("", what)

    def _ambiguous(self, index: int, alias: AmbiguousAlias) -> Iterator[Problem]:
        for name in {alias.reading or alias.candidates[0], *alias.candidates}:
            if name not in self.vocabulary.markers:
                yield self._unknown(
                    "ambiguous_aliases", index, ("alias",), "marker", name, self.vocabulary.markers
                )

    def _importing(self) -> Iterator[Problem]:
        known = self.content.importing
        if known is None:
            return
        where = "importing"
        if known.radiation not in self.vocabulary.therapies:
            yield self._unknown(
                where, None, ("radiation",), "therapy", known.radiation, self.vocabulary.therapies
            )
        genes = [
            (("variants", "promoter_genes", at), one) for at, one in enumerate(known.variants.promoter_genes)
        ]
        named: list[tuple[Path, str]] = [
            (("terms", at, "marker"), one.marker) for at, one in enumerate(known.terms) if one.marker
        ]
        for path, symbol in [*genes, *named]:
            if symbol not in self.vocabulary.markers:
                yield self._unknown(where, None, path, "marker", symbol, self.vocabulary.markers)
        seen: dict[str, str] = {}
        for at, term in enumerate(known.terms):
            marker = self.vocabulary.markers.get(term.marker or "")
            for name_of, state in (("found", term.found), ("not_found", term.not_found)):
                if state and (marker is None or self.vocabulary.reading_of(marker, state) is None):
                    what = f"{term.marker or 'a term without a marker'} cannot be {state!r}."
                    yield self.placed.problem(where, None, ("terms", at, name_of), what)
            if term.evidence in ("test", "status", "history") and not term.found:
                what = f"{term.names[0]} is a {term.evidence} without a state for what is found."
                yield self.placed.problem(where, None, ("terms", at), what)
            for name in term.names:
                first = seen.setdefault(fold(name), name)
                if first != name or term.names.count(name) > 1:
                    what = f"the name {name!r} stands here and as {first!r}; one term has it."
                    yield self.placed.problem(where, None, ("terms", at), what)

    def _is_its_own_ancestor(self, therapy: str) -> bool:
        """Return True where the parents of a therapy lead back to it."""
        above: set[str] = set()
        waiting = list(self.vocabulary.therapies[therapy].parents)
        while waiting:
            parent = waiting.pop()
            if parent not in above and parent in self.vocabulary.therapies:
                above.add(parent)
                waiting.extend(self.vocabulary.therapies[parent].parents)
        return therapy in above

    def _rule(self, index: int, rule: Rule) -> Iterator[Problem]:
        yield from self._conditions(index, rule, "when")
        if isinstance(rule, StrategyRule):
            yield from self._conditions(index, rule, "called_for_by")
            if rule.add_on not in self.add_ons:
                yield self._unknown("rules", index, ("add_on",), "add-on", rule.add_on, self.add_ons)
        if (fact := rule.conclusion) is not None:
            yield from self._fact_state(index, ("concludes", fact.name), fact.name, fact.state)
        for therapy in rule.therapies:
            yield from self._therapy(index, ("partner" if rule.kind == "caution" else "therapy",), therapy)
        if isinstance(rule, CautionRule):
            yield from self._caution(index, rule)
        elif not rule.when and not rule.therapies:
            yield self._fault(index, ("when",), "it has no condition; it would always fire.")
        for number, finding in enumerate(rule.audit):
            if finding not in self.findings:
                yield self._unknown(
                    "rules", index, ("audit", number), "audit finding", finding, self.findings
                )
        yield from self._evidence(index, rule)

    def _caution(self, index: int, rule: CautionRule) -> Iterator[Problem]:
        if rule.always and (rule.when or rule.partner):
            yield self._fault(
                index,
                ("always",),
                "a caution that always holds has neither when nor partner.",
                "Remove always, or the conditions.",
            )
        if not rule.always and not rule.when and not rule.partner:
            yield self._fault(
                index,
                (),
                "it has neither when nor partner.",
                "Write always: true for a caution that holds for every therapy.",
            )
        if rule.concerns == "therapy":
            yield from self._therapy_caution(index, rule)
        for add_on in rule.applies_to.add_ons:
            if add_on not in self.add_ons:
                yield self._unknown("rules", index, ("applies_to",), "add-on", add_on, self.add_ons)
        for number, source in enumerate(rule.sources):
            if source not in self.sources:
                yield self._unknown("rules", index, ("sources", number), "source", source, self.sources)
        for number, general in enumerate(rule.sharpens):
            milder = self.cautions.get(general)
            if milder is None:
                yield self._unknown("rules", index, ("sharpens", number), "caution", general, self.cautions)
            elif milder.concerns != rule.concerns:
                what = f"only one of it and {general} concerns a therapy."
                yield self._fault(index, ("sharpens", number), what, "Sharpen a caution of the same kind.")
            elif GRADES.index(rule.grade) < GRADES.index(milder.grade) + bool(milder.sharpens):
                what = f"{general} has a heavier grade, or the same one and sharpens another caution itself."
                yield self._fault(
                    index, ("sharpens", number), what, "Sharpen a general one to its grade or more."
                )
        for target in rule.applies_to.targets:
            if target not in self.vocabulary.markers:
                yield self._unknown(
                    "rules", index, ("applies_to",), "marker", target, self.vocabulary.markers
                )

    def _therapy_caution(self, index: int, rule: CautionRule) -> Iterator[Problem]:
        if not rule.partner:
            what = "a caution on a therapy names none."
            yield self._fault(index, ("concerns",), what, "Name the therapies in partner.")
        if any(rule.applies_to.model_dump().values()) or rule.holds_back:
            what = "a caution on a therapy weighs on no add-on."
            yield self._fault(index, ("concerns",), what, "Leave out applies_to and holds_back.")

    def _evidence(self, index: int, rule: Rule) -> Iterator[Problem]:
        if isinstance(rule, DisputedRule | CautionRule):
            yield from self._references(index, ("references",), rule.references)
            return
        evidence = rule.evidence
        yield from self._references(index, ("evidence", "references"), evidence.references)
        if evidence.level not in self.levels:
            yield self._unknown(
                "rules", index, ("evidence", "level"), "evidence level", evidence.level, self.levels
            )
        for disease in evidence.tumour_types:
            if disease not in self.vocabulary.diseases:
                yield self._unknown(
                    "rules", index, ("evidence", "tumour_types"), "disease", disease, self.vocabulary.diseases
                )
        for therapy in evidence.partners_tested:
            yield from self._therapy(index, ("evidence", "partners_tested"), therapy)

    def _references(self, index: int, path: Path, numbers: Iterable[int]) -> Iterator[Problem]:
        for number in numbers:
            if number not in self.numbers:
                yield self._fault(index, path, f"no reference has the number {number}.")

    def _conditions(self, index: int, rule: Rule, name: str) -> Iterator[Problem]:
        try:
            ways = self.compiled.ways(index, name)
        except ConditionFault as fault:
            yield self._fault(index, (name, *fault.path), f"{fault}.", fault.hint)
            return
        seen: set[str] = set()
        for atom in sorted({atom for way in ways for atom in way}):
            place = _place_of(getattr(rule, name), atom) or ()
            for problem in self._atom(index, (name, *place), atom):
                if str(problem) not in seen:
                    seen.add(str(problem))
                    yield problem

    def _atom(self, index: int, path: Path, atom: Atom) -> Iterator[Problem]:
        if atom.kind in ("therapy", "resistant"):
            yield from self._therapy(index, path, atom.name)
        elif atom.kind == "fact":
            yield from self._fact_state(index, path, atom.name, atom.state)
        else:
            known = self.vocabulary.markers.get(atom.name)
            if known is None:
                meant = self.vocabulary.marker(atom.name)
                names = [meant.symbol] if meant else [*self.vocabulary.markers, *self.facts]
                yield self._fault(
                    index,
                    path,
                    f"{atom.name!r} is neither a marker nor a derived fact of the vocabulary.",
                    f"Write {meant.symbol}." if meant else did_you_mean(atom.name, names),
                )
            elif self.vocabulary.reading_of(known, atom.state) != atom.state:
                states = [
                    state
                    for state in self.vocabulary.states_of(known)
                    if self.vocabulary.reading_of(known, state) == state
                ]
                yield self._fault(
                    index,
                    path,
                    f"{atom.name} cannot be {atom.state!r} in a rule.",
                    f"Allowed: {one_of(states)}.",
                )

    def _fact_state(self, index: int, path: Path, fact: str, state: str) -> Iterator[Problem]:
        known = self.facts.get(fact)
        if known is None:
            yield self._unknown("rules", index, path, "derived fact", fact, self.facts)
        elif state not in known.states:
            yield self._unknown("rules", index, path, f"state of {fact}", state, known.states)

    def _therapy(self, index: int, path: Path, therapy: str) -> Iterator[Problem]:
        if therapy not in self.vocabulary.therapies:
            yield self._unknown("rules", index, path, "therapy", therapy, self.vocabulary.therapies)

    def _program(self) -> Iterator[Problem]:
        index_of = {rule.id: index for index, rule in enumerate(self.content.rules)}
        try:
            program = self.compiled.program
            self.compiled.unfolded  # noqa: B018 - made here, where a fault has a place
        except ConditionFault:
            return  # reported already, with its place
        except CircularRules as error:
            yield self._fault(index_of[error.rules[0]], ("when",), f"{error}.")
        except TooDeep as error:
            yield self._fault(index_of[error.rule], ("when",), f"{error}.", "Split it.")
        except TooManyWays as error:
            rule = error.rule.removeprefix(SUPPORT)
            field = "when" if rule == error.rule else "called_for_by"
            yield self._fault(index_of[rule], (field,), f"{error}.", "Split it.")
        else:
            for over in beyond(program):
                yield self._fault(index_of[over.where], ("when",), over.what, over.hint)

    def _unknown(
        self, section: str, index: int | None, path: Path, what: str, name: str, known: Iterable[str]
    ) -> Problem:
        return self.placed.problem(
            section,
            index,
            path,
            f"the {what} {name!r} is not known.",
            did_you_mean(name, known),
        )

    def _fault(self, index: int, path: Path, what: str, hint: str = "") -> Problem:
        return self.placed.problem("rules", index, path, what, hint)
