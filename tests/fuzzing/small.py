"""A rule base of two shipped rules and what they name: small enough to be read for each input."""

import json
from functools import cache
from typing import Any

from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.parsing import parse_packs

from .entrances import recommender

RULES = ("orlistat-against-fasn", "rsl3-in-gstz1-low")
_WHOLE = ("rule_base", "marker_kinds", "evidence_levels", "ranking")


@cache
def small_rules() -> bytes:
    """Return the file of the rule base: JSON, which is YAML."""
    base = recommender().base
    rules = [rule for rule in base.strategies if rule.id in RULES]
    given = {"lenvatinib", "regorafenib"}.union(*(rule.therapies for rule in rules))
    therapies = {part for name in given for part in base.vocabulary.lineage(name)}
    audit = [base.audit[name] for rule in rules for name in rule.audit]
    numbers = {number for rule in rules for number in rule.references}
    numbers.update(number for finding in audit for number in finding.references)
    add_ons = [base.add_ons[rule.add_on] for rule in rules]
    markers = {"FASN", "GSTZ1", "TP53", "HBV"}.union(*(add_on.targets for add_on in add_ons))
    kept: dict[str, tuple[str, set[Any]]] = {
        "rules": ("id", set(RULES)),
        "references": ("number", numbers),
        "audit": ("id", {finding.id for finding in audit}),
        "add_ons": ("id", {add_on.id for add_on in add_ons}),
        "derived_facts": ("id", {fact for add_on in add_ons for fact in add_on.acts_on}),
        "therapies": ("id", therapies),
        "diseases": ("id", {disease for rule in rules for disease in rule.evidence.tumour_types}),
        "markers": ("symbol", markers),
    }
    whole = base.content.model_dump(mode="json", by_alias=True, exclude_unset=True)
    made = {name: whole[name] for name in _WHOLE}
    for section, (name, wanted) in kept.items():
        made[section] = [record for record in whole[section] if record[name] in wanted]
    return json.dumps(made, ensure_ascii=False).encode()


@cache
def small_base() -> KnowledgeBase:
    """Return the rule base, with the words of tables, which are not read anew for each input."""
    checked = parse_packs([("", [("shipped.yaml", small_rules())])])
    content = checked.content.model_copy(update={"importing": recommender().base.content.importing})
    return KnowledgeBase(content, sha256="0" * 64, origins=checked.origins, compiled=checked.compiled)
