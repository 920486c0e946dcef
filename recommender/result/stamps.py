"""The stamp by which a result tells its rule base."""

from ..knowledge.base import KnowledgeBase
from .parts import PackStamp, RuleBaseStamp, WeightsStamp


def rule_base_stamp(base: KnowledgeBase) -> RuleBaseStamp:
    """Return which rule base it is, with the packs laid over the shipped rules."""
    return RuleBaseStamp(
        version=base.info.version,
        sha256=base.sha256,
        rules=len(base.rules),
        packs=tuple(PackStamp(name=pack.name, sha256=pack.sha256) for pack in base.packs),
        weights=WeightsStamp(**base.weights) if base.weights else None,
        shown=tuple(PackStamp(name=pack.name, sha256=pack.sha256) for pack in base.shown)
        if base.shown and base.grouped
        else None,
    )
