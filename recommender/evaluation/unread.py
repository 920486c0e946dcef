"""Findings that no rule reads, and what to measure instead."""

from .._text import one_of
from ..knowledge.base import KnowledgeBase
from ..states import axis_of
from .facts import Facts, Finding, Notice

MARKER_NOT_READ = "MARKER_NOT_READ"
MAX_NAMED = 12
"""Findings that one notice names: more are not read by anybody."""


def unread(facts: Facts, base: KnowledgeBase) -> list[Notice]:
    """Return notices of the findings that the vocabulary knows and no rule reads.

    One for which the vocabulary names what to measure instead has its own notice; the others share one.
    """
    notices = []
    others = []
    for one in facts.findings:
        if (one.marker, axis_of(one.state)) in base.read or _excludes_one_read(one, base):
            continue
        what = f"{one.marker} {one.state}"
        instead = base.vocabulary.markers[one.marker].instead
        if instead:
            message = f"{what} is known, but no rule reads it. Measure instead: {one_of(instead)}."
            notices.append(Notice(MARKER_NOT_READ, one.source, message))
        else:
            others.append(what)
    if others:
        more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
        message = f"Known, but read by no rule: {', '.join(others[:MAX_NAMED])}{more}."
        notices.append(Notice(MARKER_NOT_READ, "", message))
    return notices


def _excludes_one_read(finding: Finding, base: KnowledgeBase) -> bool:
    """Return whether a finding excludes another that rules read, as Child-Pugh A excludes B and C."""
    if finding.state != "present":
        return False
    groups = (group for group in base.vocabulary.groups if finding.marker in group)
    return any((other, axis_of(finding.state)) in base.read for group in groups for other in group)
