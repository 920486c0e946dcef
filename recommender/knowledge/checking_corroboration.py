"""Check that verdicts fit the rules that they are about, and the settings the vocabulary."""

from collections.abc import Iterator

from .._errors import Path
from .._text import did_you_mean
from .rule_file import RuleFile
from .vocabulary import Vocabulary

VerdictFault = tuple[str, int | None, Path, str, str]
"""The section, the place in it, the path inside, what is wrong, and what to do."""


def corroboration_faults(content: RuleFile, vocabulary: Vocabulary) -> Iterator[VerdictFault]:
    """Yield what is wrong with the settings and the verdicts of a rule base."""
    yield from _settings(content, vocabulary)
    # An id that is taken is reported apart: the first rule has it.
    rules = {rule.id: rule for rule in reversed(content.rules)}
    for at, one in enumerate(content.corroboration):
        where = ("corroboration", at)
        # A rule that is gone is found by the lint, as one that a claim names.
        if one.rule in rules and rules[one.rule].kind not in ("strategy", "context"):
            yield *where, ("rule",), "only strategies and contexts have a verdict.", ""
        if (one.verdict == "not-testable") != (one.reason is not None):
            what = "a rule has a reason where it is not testable, and only there."
            yield *where, ("reason",), what, ""
        if (one.verdict in ("in-line", "contrary", "no-signal")) and not one.deciding:
            yield *where, ("figures",), f"the verdict {one.verdict} rests on no figure.", ""


def _settings(content: RuleFile, vocabulary: Vocabulary) -> Iterator[VerdictFault]:
    given = content.screening
    if given is None:
        return
    add_ons = {one.id for one in content.add_ons}
    kinds = {one.id for one in content.marker_kinds}
    named = [
        (("inducer",), given.inducer, vocabulary.therapies.keys()),
        *(
            (("drugs", name), drug, vocabulary.therapies.keys() | add_ons)
            for name, drug in given.drugs.items()
        ),
        *((("by_kind", kind), kind, kinds) for kind in given.by_kind),
        *((("by_marker", marker), marker, vocabulary.markers.keys()) for marker in given.by_marker),
        *((("by_therapy", therapy), therapy, vocabulary.therapies.keys()) for therapy in given.by_therapy),
    ]
    for path, name, known in named:
        if name not in known:
            yield "screening", None, path, f"{name!r} is not in the vocabulary.", did_you_mean(name, known)
