"""Why something fired, or did not: a tree of conditions, each met, contradicted or not measured."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from ..knowledge.naming import rules_named
from ..knowledge.phrasing import conclusion
from ..knowledge.rule_models import CautionRule, MechanismRule, Rule, StrategyRule
from ..states import axis_of
from .facts import Facts

Truth = Literal["met", "contradicted", "not measured"]


class Node(NamedTuple):
    """A step of an explanation: what it is, whether it holds, by what, and the steps behind it."""

    kind: Literal["rule", "fact", "finding", "therapy", "any of", "all of", "called for by"]
    text: str
    truth: Truth
    detail: str = ""
    rule: str = ""
    references: tuple[int, ...] = ()
    children: tuple["Node", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the step and those behind it as plain values."""
        return {
            **self._asdict(),
            "references": list(self.references),
            "children": [child.to_dict() for child in self.children],
        }


class Explainer:
    """Explains rules, add-ons and derived facts for the facts of one profile."""

    def __init__(self, base: KnowledgeBase, facts: Facts) -> None:
        self._base = base
        self._facts = facts
        self._sources = facts.sources(base)

    def explain(self, name: str) -> list[Node]:
        """Return the trees for the id of a rule, recommendation, add-on or derived fact.

        Raises InputError with suggestions for any other name, and for a recommendation that no strategy
        can make.
        """
        found = rules_named(name, self._base)
        if found.fact:
            return [self._fact(found.fact, state) for state in self._base.facts[found.fact].states]
        return [self._rule(rule) for rule in found.rules]

    def _rule(self, rule: Rule) -> Node:
        children = []
        if therapies := self._base.therapies_of(rule):
            given = self._given("therapy", therapies)
            always = isinstance(rule, CautionRule) and rule.always
            children.append(given._replace(text="always, with any therapy") if always else given)
        children += [self._condition(condition) for condition in rule.when]
        truth = _all(child.truth for child in children)
        if isinstance(rule, StrategyRule) and rule.called_for_by:
            asked = [self._condition(condition) for condition in rule.called_for_by]
            children.append(
                Node(
                    "called for by",
                    "findings that select it",
                    _all(n.truth for n in asked),
                    children=tuple(asked),
                )
            )
        return Node(
            "rule",
            rule.title if isinstance(rule, MechanismRule | StrategyRule) else f"{rule.kind}: {rule.title}",
            truth,
            "" if isinstance(rule, MechanismRule | StrategyRule) else conclusion(rule, self._base),
            rule=rule.id,
            references=rule.references,
            children=tuple(children),
        )

    def _condition(self, condition: dict[str, Any]) -> Node:
        ((key, value),) = condition.items()
        if key == "any_of":
            parts = tuple(self._condition(one) for one in value)
            return Node("any of", "at least one of these", _any(p.truth for p in parts), children=parts)
        if key == "all_of":
            parts = tuple(self._condition(one) for one in value)
            return Node("all of", "all of these", _all(p.truth for p in parts), children=parts)
        words = [value] if isinstance(value, str) else value
        if key in ("therapy", "resistant_to"):
            return self._given("therapy" if key == "therapy" else "resistant", words)
        if key in self._base.facts:
            states = tuple(self._fact(key, word) for word in words)
            if len(states) == 1:
                return states[0]
            return Node(
                "any of", f"{key} {' or '.join(words)}", _any(n.truth for n in states), children=states
            )
        return self._finding(key, words)

    def _finding(self, marker: str, states: Sequence[str]) -> Node:
        text = f"{marker} {' or '.join(states)}"
        for state in states:
            source = self._sources.get(Atom("marker", marker, state))
            if source is not None:
                return Node("finding", text, "met", f"{state} at {source}")
        measured = [self._facts.measured.get((marker, axis_of(state))) for state in states]
        if all(measured):
            found = {one for one in measured if one is not None}
            detail = "; ".join(sorted(f"measured {one.state} at {one.source}" for one in found))
            return Node("finding", text, "contradicted", detail)
        return Node("finding", text, "not measured")

    def _given(self, kind: Literal["therapy", "resistant"], names: Sequence[str]) -> Node:
        therapies = self._base.vocabulary.therapies
        what = "therapy" if kind == "therapy" else "resistant to"
        text = f"{what} {' or '.join(therapies[name].name for name in names)}"
        for name in names:
            source = self._sources.get(Atom(kind, name))
            if source is not None:
                return Node("therapy", text, "met", f"given at {source}")
        if kind == "resistant":
            return Node("therapy", text, "not measured", "not reported")
        given = ", ".join(one.name for one in self._facts.therapies) or "none"
        return Node("therapy", text, "contradicted", f"the therapy given is {given}")

    def _fact(self, fact: str, state: str) -> Node:
        concluded = Atom("fact", fact, state)
        givers = tuple(self._rule(rule) for rule in self._base.mechanisms if rule.conclusion == concluded)
        known = self._base.facts[fact]
        return Node(
            "fact",
            f"{known.name}: {state}",
            _any(g.truth for g in givers),
            known.states[state],
            children=givers,
        )


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return "contradicted" if "contradicted" in found else "not measured" if "not measured" in found else "met"


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return "met" if "met" in found else "not measured" if "not measured" in found else "contradicted"
