"""The rules that a name stands for: of a rule, a recommendation, an add-on or a derived fact."""

from typing import NamedTuple

from .._errors import InputError, Problem
from .._text import did_you_mean, fold, is_doubted, shortened
from .base import KnowledgeBase
from .rule_models import Rule
from .suggestion_ids import parse_suggestion_id


class Named(NamedTuple):
    """The rules behind a name, and the derived fact that it is, if it is one."""

    rules: tuple[Rule, ...]
    fact: str | None = None


def rules_named(name: str, base: KnowledgeBase) -> Named:
    """Return the rules for the id of a rule, recommendation or derived fact, or for an add-on by any name.

    Raises InputError with suggestions for any other name, and for a recommendation that no strategy
    can make.
    """
    name = _spelled(name, base)
    if name in base.rules:
        return Named((base.rules[name],))
    if name in base.add_ons and (strategies := base.strategies_for(name)):
        return Named(tuple(strategies))
    if name in base.facts:
        concluded = (rule for rule in base.mechanisms if rule.conclusion and rule.conclusion.name == name)
        return Named(tuple(concluded), name)
    key = parse_suggestion_id(name, base)
    if key is not None:
        return Named(tuple(base.strategies_for(*key)))
    what = f"there is no rule, add-on or derived fact '{shortened(name)}'."
    near = did_you_mean(name, [*base.rules, *base.add_ons, *base.facts])
    raise InputError(
        [Problem("", what, near or "See the list of rules.", actions=() if near else ("list_rules",))]
    )


def _spelled(name: str, base: KnowledgeBase) -> str:
    """Return the id of a rule, add-on or derived fact that a name stands for in any case, or the name."""
    if name in base.rules or name in base.add_ons or name in base.facts or is_doubted(name):
        return name
    known = {fold(one): one for one in (*base.facts, *base.rules)}
    return {**base.add_on_names, **known}.get(fold(name), name)
