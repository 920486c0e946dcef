"""Rules as drafts of evidence items for CIViC, for a person to check and submit. Nothing is sent."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .._label import DISCLAIMER, LABEL
from .._text import indented_json, safe_json
from .._version import VERSION
from ..engine.atoms import Way
from ..knowledge.base import KnowledgeBase
from ..knowledge.ids import Ids
from ..knowledge.models import Disease, Reference
from ..knowledge.phrasing import citation, in_words, source_read
from ..knowledge.rule_models import ContextRule, StrategyRule
from .mapped import LeftOut, alternatives, in_short, not_of_a_finding, not_of_an_add_on, withdrawn

_VARIANTS = {
    "high": "Overexpression",
    "low": "Underexpression",
    "positive": "Expression",
    "mutated": "Mutation",
    "wild-type": "Wildtype",
    "amplified": "Amplification",
    "deleted": "Deletion",
}
"""For a state of a gene the name of a variant that CIViC has for it."""
_IN_THE_GENOME = ("mutated", "amplified", "deleted")
_SIGNIFICANCE = {"resists": "Resistance", "sensitises": "Sensitivity/Response"}
_TO_CHECK = (
    "Read the paper: the description rests on what the field source_read names.",
    "Confirm that the paper studied the finding in this form: a rule may accept several forms of one loss.",
    "Choose the rating, from 1 to 5 stars.",
    "Confirm that each therapy and the molecular profile exist in CIViC under this name.",
)
_SEVERAL_PAPERS = "The rule rests on several papers: confirm that this one reports it."

_Values = dict[str, Any]


class Package(NamedTuple):
    """Drafts of evidence items, and what of the rules is not in them."""

    items: list[_Values]
    left_out: list[LeftOut]


def civic(base: KnowledgeBase, packs: str = "") -> str:
    """Return the curation package as JSON; `packs` names the packs in it."""
    found = package(base)
    value = {
        "label": LABEL,
        "disclaimer": DISCLAIMER,
        "purpose": "Drafts for a person to check against the paper and to submit. Nothing was sent.",
        "program": f"ferroptosis-recommender {VERSION}",
        "rule_base": base.info.version,
        "rule_base_sha256": base.sha256,
        "packs": packs,
        "evidence_items": found.items,
        "left_out": [one._asdict() for one in found.left_out],
    }
    return safe_json(indented_json(value)) + "\n"


def package(base: KnowledgeBase) -> Package:
    """Return the drafts: each rule is behind an item, or left out with a reason, or both."""
    made = Package([], [])
    for rule in base.content.rules:
        reason = _not_an_item(rule, base) if isinstance(rule, StrategyRule) else not_of_a_finding(rule)
        if reason:
            made.left_out.append(LeftOut(rule.id, "", reason))
        elif isinstance(rule, StrategyRule | ContextRule):
            _add(rule, base, made)
    return made


def _not_an_item(rule: StrategyRule, base: KnowledgeBase) -> str:
    """Why a strategy is not an item; empty if it may be one."""
    if not rule.when:
        return "no finding is required"
    if rule.by_review_only:
        return "part of it is reported by the review only"
    return not_of_an_add_on(rule, base)


def _add(rule: StrategyRule | ContextRule, base: KnowledgeBase, made: Package) -> None:
    """Add the items of a rule: one for each alternative, therapy and paper."""

    def leave_out(part: str, reason: str) -> None:
        made.left_out.append(LeftOut(rule.id, part, reason))

    tumours = [base.vocabulary.diseases[name] for name in rule.evidence.tumour_types]
    if len(tumours) != 1 or not (tumours[0].ids and tumours[0].ids.doid):
        leave_out("", "not one tumour type that has an id in the Disease Ontology")
        return
    papers = list(_papers(rule, base, made))
    profiles = []
    for way in alternatives(rule, base):
        if (name := _molecular_profile(way, base)) is None:
            leave_out(in_short(way), "not of genes in a state that is a variant in CIViC")
        else:
            profiles.append((way, name))
    for name in rule.therapies:
        if base.vocabulary.therapies[name].kind != "drug":
            leave_out(name, "not a drug")
            continue
        if isinstance(rule, StrategyRule) and name not in rule.evidence.partners_tested:
            leave_out(name, "the paper did not give it together with the add-on")
            continue
        made.items.extend(
            _item(rule, base, way, profile, name, tumours[0], paper)
            for way, profile in profiles
            for paper in papers
        )


def _papers(rule: StrategyRule | ContextRule, base: KnowledgeBase, made: Package) -> Iterator[Reference]:
    """Yield the papers that may be the source of an item."""
    for number in rule.references:
        reference = base.references[number]
        if not reference.pmid:
            reason = "no PMID, by which CIViC names a source"
        elif rule.evidence.basis == "title":
            reason = "only the title was read"
        else:
            reason = withdrawn(reference)
        if reason:
            made.left_out.append(LeftOut(rule.id, reference.id, reason))
        else:
            yield reference


def _molecular_profile(way: Way, base: KnowledgeBase) -> str | None:
    """The name of a molecular profile in CIViC; None where a finding is not a variant there."""
    names = []
    for atom in sorted(way, key=str):
        if atom.kind != "marker" or not base.vocabulary.markers[atom.name].ids or atom.state not in _VARIANTS:
            return None
        names.append(f"{atom.name} {_VARIANTS[atom.state]}")
    return " AND ".join(names)


def _item(
    rule: StrategyRule | ContextRule,
    base: KnowledgeBase,
    way: Way,
    profile: str,
    therapy: str,
    disease: Disease,
    paper: Reference,
) -> _Values:
    partner = base.vocabulary.therapies[therapy]
    drugs = [_drug(partner.name, partner.ids)]
    if isinstance(rule, StrategyRule):
        add_on = base.add_ons[rule.add_on]
        drugs.insert(0, _drug(add_on.name, add_on.ids))
    claim = rule.text if isinstance(rule, ContextRule) else f"{rule.title}."
    origin = any(atom.state in _IN_THE_GENOME for atom in way)
    assert disease.ids is not None
    return {
        "label": LABEL,
        "rule": rule.id,
        "pack": base.pack_of.get(rule.id),
        "conditions": in_words(rule.when),
        "molecular_profile": profile,
        "features": [_feature(name, base) for name in sorted({atom.name for atom in way})],
        "variant_origin": "Somatic" if origin else "N/A",
        "disease": {"name": disease.name, "doid": disease.ids.doid, "oncotree": disease.ids.oncotree},
        "therapies": drugs,
        "therapy_interaction_type": "Combination" if len(drugs) > 1 else None,
        "evidence_type": "Predictive",
        "evidence_direction": "Supports",
        "significance": _SIGNIFICANCE[rule.effect]
        if isinstance(rule, ContextRule)
        else "Sensitivity/Response",
        "evidence_level": base.levels[rule.evidence.level].civic_level,
        "evidence_rating": None,
        "source": {
            "type": "PubMed",
            "pmid": paper.pmid,
            "doi": paper.doi,
            "citation": citation(paper),
            "reference": paper.id,
        },
        "description": f"{claim} {rule.mechanism} Models: {', '.join(rule.evidence.models)}.",
        "limits": rule.limits,
        "source_read": source_read(rule.evidence.basis),
        "to_check": [*_TO_CHECK, *([_SEVERAL_PAPERS] if len(rule.references) > 1 else [])],
    }


def _feature(symbol: str, base: KnowledgeBase) -> _Values:
    ids = base.vocabulary.markers[symbol].ids
    return {"symbol": symbol, **(dict(ids.given()) if ids else {})}


def _drug(name: str, ids: Ids | None) -> _Values:
    return {"name": name, "ids": dict(ids.given()) if ids else {}}
