"""Why an add-on is recommended, blocked or undecided, for a reader: standing, mechanism, papers, proof."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._errors import InputError, Problem
from ..evaluation.explanation import Node
from ..knowledge.base import KnowledgeBase
from ..knowledge.phrasing import citation
from ..knowledge.rule_models import CautionRule, DisputedRule, StrategyRule
from ..result.corroboration import CorroborationView, corroboration_view
from ..result.model import Result
from ..result.outlook import Missing
from ..result.recommendation import Recommendation
from .other_evidence import papers_of
from .screenful import ShortTexts

_MAX_DIGITS = 6
"""Longer numbers are taken for a name."""


class Explained(NamedTuple):
    """A rule that was asked about: what became of it in an answer, what it says, and its proof."""

    node: Node
    standing: str = ""
    unblock: str = ""
    """The findings that would fire a strategy that does not."""
    mechanism: str = ""
    papers: tuple[str, ...] = ()
    other_papers: tuple[str, ...] = ()
    """Papers outside the review that bear on it."""
    corroboration: CorroborationView | None = None


def ids_of(asked: str, result: Result) -> list[str]:
    """Return the ids of the recommendations of a rank, or a name as it is.

    Raises InputError for a rank that has none.
    """
    if not (asked.isascii() and asked.isdigit() and len(asked) < _MAX_DIGITS):
        return [asked]
    rank = int(asked)
    found = [one.id for one in result.recommendations if one.rank == rank]
    if not found:
        ranks = [one.rank for one in result.recommendations]
        why = [one.message for one in result.notices if one.code in ("NO_THERAPY", "OUTSIDE_SCOPE")]
        hint = f"The ranks run from 1 to {max(ranks)}." if ranks else " ".join(why) or "Nothing is ranked."
        raise InputError([Problem("", f"the ranking has no rank {rank}.", hint)])
    return found


def name_of(asked: str, result: Result, base: KnowledgeBase) -> str:
    """Return the name for the id of a recommendation, add-on, derived fact or rule, or the text as it is."""
    ranked = {one.id: f"{one.add_on.name} {one.place}" for one in result.recommendations}
    titles = {one.id: one.title for one in base.rules.values()}
    facts = {one.id: one.name for one in base.facts.values()}
    add_ons = {one.id: one.name for one in base.add_ons.values()}
    return {**titles, **facts, **add_ons, **ranked}.get(asked, asked)


def explained(nodes: Iterable[Node], result: Result, base: KnowledgeBase) -> tuple[Explained, ...]:
    """Return what an answer of `base` says about the rules at the root of explanations."""
    return tuple(_explained(node, result, base) for node in nodes)


def _explained(node: Node, result: Result, base: KnowledgeBase) -> Explained:
    rule = base.rules.get(node.rule)
    if rule is None:
        return Explained(node)
    references = [base.references[number] for number in rule.references]
    return Explained(
        node,
        *(_standing(rule, node, result, base) if isinstance(rule, StrategyRule) else ("", "")),
        mechanism="" if isinstance(rule, DisputedRule | CautionRule) else rule.mechanism,
        papers=tuple(
            f"[{one.id if one.pack else one.number}] {citation(one)} {one.title}." for one in references
        ),
        other_papers=papers_of(rule.id, base),
        corroboration=corroboration_view(found) if (found := base.corroboration.get(rule.id)) else None,
    )


def _standing(rule: StrategyRule, node: Node, result: Result, base: KnowledgeBase) -> tuple[str, str]:
    """Return the standing of a strategy, and the findings that would fire it where it did not fire."""
    ranked = [one for one in result.recommendations if rule.id in (found.id for found in one.rules)]
    if ranked:
        words = ShortTexts(result, base)
        return "; ".join(_rank(one, words) for one in ranked), ""
    for blocked in result.blocked:
        if blocked.id == rule.id:
            measured = "; ".join(f"{one.marker} is {one.measured}" for one in blocked.blocked_by)
            needs = " and ".join(f"{one.marker} {' or '.join(one.needs)}" for one in blocked.blocked_by)
            return f"blocked, because {measured}", f"{needs}, against the finding"
    for undecided in result.undecided:
        if undecided.id == rule.id:
            ways = [_together(way) for way in undecided.minimal_sets]
            more = ", or other findings" if undecided.capped else ""
            return "undecided, because findings are missing", f"{', or '.join(ways)}{more}"
    if node.children and node.children[0].truth == "contradicted":
        return "not for this therapy", ""
    return "not in this answer", ""


def _rank(one: Recommendation, words: ShortTexts) -> str:
    group, why = words.group(one), words.why(one)
    held = "; ".join(found.words for found in one.held_back_because or ())
    because = held or why
    return f"rank {one.rank}" + (f", {group}" if group else "") + (f" ({because})" if because else "")


def _together(way: Sequence[Missing]) -> str:
    return " with ".join(_words(one) for one in way)


def _words(missing: Missing) -> str:
    states = " or ".join(missing.needs)
    return f"failure of {states}" if missing.marker == "resistant_to" else f"{missing.marker} {states}"
