"""Records as plain values: what commands show as JSON, and what the API answers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from ..evaluation.explanation import Node
from ..result.model import Result
from ..result.outlook import NextTest
from ..result.parts import RuleBaseStamp
from ..whatif import Changes, Effect
from .plain import labelled

RULES = "Rules"
REFERENCES = "References of the review"
AUDIT = "Citation audit"
NEXT_TESTS = "What to measure next"


def audit_title(reference: int | None) -> str:
    """Return the title of the audit, or of the audit of one reference."""
    return AUDIT + (f" of reference {reference}" if reference is not None else "")


def next_test_rows(tests: Sequence[NextTest]) -> list[Any]:
    """Return the markers to measure next."""
    return [asdict(one) for one in tests]


def trees_json(name: str, nodes: Iterable[Node], rule_base: RuleBaseStamp) -> str:
    """Return the explanation of a name as JSON."""
    return labelled(id=name, trees=[node.to_dict() for node in nodes], **rule_base.packs_field)


def effect_json(changes: Changes, found: Effect, after: Result) -> str:
    """Return what changes do as JSON."""
    value = {
        "changes": changes._asdict(),
        **found.to_dict(),
        "order": after.order.verdict if after.order else None,
        **after.rule_base.packs_field,
    }
    return labelled(**value)
