"""Notices of an answer, and those on findings that point both ways."""

from collections import defaultdict
from collections.abc import Iterable

from ..evaluation.facts import Notice
from ..evaluation.proof import Proofs
from .parts import NoticeView


def notice_views(found: Iterable[Notice]) -> tuple[NoticeView, ...]:
    """Return the notices by code and place."""
    ordered = sorted(set(found), key=lambda one: (one.code, one.path, one.message))
    return tuple(NoticeView(code=one.code, path=one.path, message=one.message) for one in ordered)


def conflicts(proofs: Proofs) -> list[Notice]:
    """Return a notice for each derived fact that findings drive into more than one state."""
    states: defaultdict[str, list[str]] = defaultdict(list)
    for atom in sorted(proofs.derived):
        states[atom.name].append(atom.state)
    return [
        Notice(
            "CONFLICTING_EVIDENCE",
            "/derived",
            f"The findings point both ways for {fact}: {' and '.join(found)}. Weigh them by hand.",
        )
        for fact, found in states.items()
        if len(found) > 1
    ]
