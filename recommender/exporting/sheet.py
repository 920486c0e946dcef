"""The rules as a sheet: a row each, for a spreadsheet. Every row has the label."""

from collections.abc import Iterable

from .._cells import line
from .._label import DISCLAIMER, LABEL
from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from ..knowledge.conditions import ways_of
from ..knowledge.phrasing import conclusion, in_words
from ..knowledge.rule_models import CautionRule, DisputedRule, MechanismRule, Rule, StrategyRule

SHEET_COLUMNS = (
    "rule",
    "kind",
    "title",
    "conclusion",
    "effect",
    "add_on",
    "therapies",
    "when",
    "selected_by",
    "markers",
    "derived_facts",
    "other_therapies",
    "failed_therapies",
    "evidence_level",
    "civic_level",
    "models",
    "tumour_types",
    "source_read",
    "partners_tested",
    "ferroptosis",
    "only_reported_by_the_review",
    "limits",
    "references",
    "pmids",
    "dois",
    "other_sources",
    "audit",
    "since",
    "pack",
    "label",
    "disclaimer",
    "rule_base",
    "rule_base_sha256",
)


def sheet(base: KnowledgeBase, digests: str) -> str:
    """Return every rule as a line of comma-separated values, below one of column names.

    `digests` is what identifies the rule base: its SHA-256, and that of each pack.
    """
    lines = [line(SHEET_COLUMNS)]
    for rule in base.content.rules:
        values = _row(rule, base) | {"rule_base_sha256": digests}
        lines.append(line(values.get(name, "") for name in SHEET_COLUMNS))
    return "".join(lines)


def _row(rule: Rule, base: KnowledgeBase) -> dict[str, str]:
    """The cells of a rule by their columns; those that it has nothing for are left out."""
    selected_by = rule.called_for_by if isinstance(rule, StrategyRule) else ()
    facts = base.facts.keys()
    atoms = {atom for part in (rule.when, selected_by) for way in ways_of(part, facts) for atom in way}
    references = [base.references[number] for number in rule.references]
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "title": rule.title,
        "conclusion": conclusion(rule, base),
        "therapies": _list(rule.therapies),
        "when": in_words(rule.when),
        "selected_by": in_words(selected_by),
        "markers": _named("marker", atoms),
        "derived_facts": _named("fact", atoms),
        "other_therapies": _names("therapy", atoms),
        "failed_therapies": _names("resistant", atoms),
        "limits": rule.limits,
        "references": _list(one.id if one.pack else str(one.number) for one in references),
        "pmids": _list(one.pmid for one in references if one.pmid),
        "dois": _list(one.doi for one in references if one.doi),
        "other_sources": _list(rule.sources) if isinstance(rule, CautionRule) else "",
        "audit": _list(rule.audit),
        "since": rule.since,
        "pack": base.pack_of.get(rule.id, ""),
        "label": LABEL,
        "disclaimer": DISCLAIMER,
        "rule_base": base.info.version,
        **_evidence(rule, base),
    }


def _evidence(rule: Rule, base: KnowledgeBase) -> dict[str, str]:
    """The claim of a rule and the evidence for it; nothing for a caution or a disputed claim."""
    if isinstance(rule, CautionRule | DisputedRule):
        return {}
    found = rule.evidence
    cells = {
        "evidence_level": found.level,
        "civic_level": base.levels[found.level].civic_level,
        "models": _list(found.models),
        "tumour_types": _list(found.tumour_types),
        "source_read": found.basis,
        "partners_tested": _list(found.partners_tested),
    }
    if not isinstance(rule, MechanismRule):
        cells["effect"] = rule.effect
    if isinstance(rule, StrategyRule):
        cells["add_on"] = base.add_ons[rule.add_on].name
        cells["ferroptosis"] = rule.ferroptosis
        cells["only_reported_by_the_review"] = _list(rule.by_review_only)
    return cells


def _list(texts: Iterable[str]) -> str:
    return " | ".join(texts)


def _named(kind: str, atoms: Iterable[Atom]) -> str:
    """The findings of a kind, each with its state: some may be alternatives, as `when` shows."""
    return _list(sorted(f"{atom.name} {atom.state}" for atom in atoms if atom.kind == kind))


def _names(kind: str, atoms: Iterable[Atom]) -> str:
    return _list(sorted(atom.name for atom in atoms if atom.kind == kind))
