"""Answers short enough for an assistant, as plain values: with evidence, limits, cautions, references."""

from collections.abc import Iterable
from typing import Any

from .._values import Value
from ..evaluation.explanation import Node
from ..reports.explained import Explained
from ..reports.other_evidence import OUTSIDE_REVIEW, papers_on, relations_of
from ..result.model import Result
from ..result.parts import Match, NoticeView
from ..result.recommendation import Recommendation, ReferenceView

LIMITS = (
    "Ranks order claims from laboratory work, not treatments; no add-on here is shown to help patients. "
    "A marker that is not given is unknown. Report the label, limits and cautions with every add-on."
)
"""The limits of every answer, in words for an assistant."""
MAX_SAID = 20
"""Notices of an answer: a person reads them."""
MAX_TREES = 8
"""Rules that are explained at once; a name seldom stands for more."""


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Return values without those that say nothing."""
    return {name: one for name, one in values.items() if one not in (None, "", (), [], {})}


def brief_answer(result: Result, top: int, *, full: bool) -> dict[str, Any]:
    """Return the first ranks of an answer, and what a reader should know of the rest."""
    shown = [one for one in result.recommendations if one.rank <= top]
    left = len(result.recommendations) - len(shown)
    value = {
        "profile": result.profile.id,
        "therapies": [one.name for one in result.therapies],
        "findings": [f"{one.marker} {one.state}" for one in result.facts],
        "implied": [f"{one.fact} {one.state}" for one in result.derived],
        "verdict": result.order.verdict if result.order else None,
        "therapy_cautions": [
            {"grade": one.grade, "text": one.text, "sources": list(one.sources)}
            for one in result.therapy_cautions or ()
        ],
        "recommendations": [brief_add_on(one, full=full) for one in shown],
        "not_shown": f"{left} lower ranks; ask with a higher `top`" if left else "",
        "measure_next": [one.marker for one in result.next_tests[:3]],
        "counts": {
            name: len(getattr(result, name) or ())
            for name in ("undecided", "blocked", "disputed", "context", "undecided_context")
        },
        "notices": brief_notices(result.notices),
    }
    if full:
        value |= {
            "undecided": [
                {"rule": one.id, "add_on": one.add_on, "missing": [str(found) for found in one.missing]}
                for one in result.undecided
            ],
            "blocked": [
                {
                    "rule": one.id,
                    "add_on": one.add_on,
                    "by": [f"{found.marker} is {found.measured}" for found in one.blocked_by],
                }
                for one in result.blocked
            ],
            "disputed": [
                {
                    "rule": one.id,
                    "claim": one.claim,
                    "why": one.why,
                    "audit": list(one.audit),
                    "references": list(one.references),
                }
                for one in result.disputed
            ],
            "context": [
                {
                    "rule": one.id,
                    "effect": one.effect,
                    "text": one.text,
                    "limits": one.limits,
                    "references": list(one.references),
                    **(
                        {"drug_screens": found.in_words}
                        if (found := one.corroboration) and found.figure
                        else {}
                    ),
                }
                for one in result.context
            ],
        }
    return {"recommendations": [], **without_empty(value)}


def brief_add_on(one: Recommendation, *, full: bool) -> dict[str, Any]:
    """Return an add-on: why it is there, what it rests on, and its limits and cautions."""
    chosen = one.selection
    return without_empty(
        {
            "rank": one.rank,
            "id": one.id,
            "add_on": one.add_on.name,
            "status": one.add_on.status,
            "partner": one.partner,
            "replaces_partner": one.replaces_partner or None,
            "group": one.group,
            "selected_by": _found(chosen.by) if chosen else [],
            "not_selected_because": _found(chosen.against) if chosen else [],
            "not_measured": [str(missing) for missing in chosen.not_measured] if chosen else [],
            "held_back_because": [held.words for held in one.held_back_because or ()],
            "score": one.score,
            "evidence": f"preclinical, {one.evidence.level_meaning} (CIViC {one.evidence.civic_level})",
            "drug_screens": [
                found.said for rule in one.rules if (found := rule.corroboration) and found.figure
            ],
            "ferroptosis": one.ferroptosis,
            "extrapolated": one.extrapolated or None,
            "limits": one.limits,
            "cautions": [
                without_empty({"grade": caution.grade, "text": caution.text}) for caution in one.cautions
            ],
            "references": [brief_reference(found) for found in one.references],
            "audit": [f"{found.id} ({found.severity})" for found in one.audit],
            "rules": [rule.id for rule in one.rules],
            "other_evidence": _outside(one, full=full),
            "mechanism": one.mechanism if full else "",
            "score_reasons": dict(vars(one.score_reasons)) if full else {},
            "audit_texts": [_plain(found) for found in one.audit] if full else [],
        }
    )


def brief_reference(one: ReferenceView) -> dict[str, Any]:
    """Return a reference in short, with what leads to it."""
    state = one.literature_state.state if one.literature_state else None
    return without_empty(
        {
            "number": one.number,
            "id": one.id,
            "citation": one.citation,
            "doi": one.doi,
            "pmid": one.pmid,
            "read": one.read,
            "literature_state": state if state != "none-found" else None,
        }
    )


def brief_notices(found: Iterable[NoticeView]) -> list[dict[str, str]]:
    """Return what a reader should know about an answer."""
    return [_plain(one) for one in [*found][:MAX_SAID]]


def brief_proof(one: Explained) -> dict[str, Any]:
    """Return what became of a rule, and its proof as nested steps."""
    return without_empty(
        {
            "rule": one.node.rule,
            "standing": one.standing,
            "requires": one.unblock,
            "mechanism": one.mechanism,
            "papers": list(one.papers),
            "other_evidence": [f"{OUTSIDE_REVIEW}. {paper}" for paper in one.other_papers],
            "proof": step(one.node),
        }
    )


def step(node: Node) -> dict[str, Any]:
    """Return a step of a proof and those behind it."""
    return without_empty(
        {
            "text": node.text,
            "truth": node.truth,
            "detail": node.detail,
            "references": list(node.references),
            "behind": [step(child) for child in node.children],
        }
    )


def _outside(one: Recommendation, *, full: bool) -> list[str]:
    """Return the papers outside the review, or how many there are of each relation."""
    if full:
        return [f"{OUTSIDE_REVIEW}. {paper}" for paper in papers_on(one)]
    counted = relations_of(one)
    return [f"{OUTSIDE_REVIEW}: {counted}"] if counted else []


def _found(matches: Iterable[Match]) -> list[str]:
    return list(dict.fromkeys(f"{one.marker} {one.state}" for one in matches))


def _plain(one: Value) -> dict[str, Any]:
    return without_empty(dict(vars(one)))
