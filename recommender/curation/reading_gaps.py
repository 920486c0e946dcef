"""Gaps in a reading: findings and shipped rules that its lists leave out, or have twice."""

from collections import Counter
from collections.abc import Iterator

from .._data import shipped
from ..knowledge.base import KnowledgeBase
from ..knowledge.loading import load
from ..knowledge.reading_models import AnotherReading
from ..knowledge.rule_models import CautionRule, DisputedRule


def reading_gaps(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield what a reading leaves open, by finding and rule; nothing for any other rule base."""
    reading = base.content.reading
    if reading is not None:
        yield from _of_findings(reading, base)
        yield from _of_rules(reading, load([shipped("rules")]))


def _of_findings(reading: AnotherReading, base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    listed = Counter(one.finding for one in reading.findings)
    for finding in base.audit:
        if listed[finding] != 1:
            yield finding, f"it is listed {listed[finding]} times, not once"
    listing = {rule: one.finding for one in reading.findings for rule in one.printed}
    for one in reading.findings:
        if bool(one.printed) == bool(one.reason):
            yield one.finding, "it needs either rules that hold the statement as it is printed, or a reason"
    for rule in base.pack_of:
        if rule not in listing:
            yield rule, "no finding lists it"
        elif listing[rule] not in base.rules[rule].audit:
            yield rule, f"it does not name {listing[rule]}, which lists it"


def _of_rules(reading: AnotherReading, whole: KnowledgeBase) -> Iterator[tuple[str, str]]:
    named = Counter(
        (*reading.shared, *reading.omitted, *(r for one in reading.findings for r in one.audited))
    )
    for rule in whole.content.rules:
        if named[rule.id] > 1:
            yield rule.id, "it is listed more than once"
        elif not named[rule.id] and not isinstance(rule, CautionRule | DisputedRule):
            yield rule.id, "it is neither shared, nor omitted, nor what a paper of a finding reports"
        elif not named[rule.id] and isinstance(rule, DisputedRule):
            yield rule.id, "it disputes a statement, and no finding lists it"
