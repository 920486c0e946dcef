"""The first screen of an answer: what a reader should know before anything else, as short texts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._text import capital, counted
from ..knowledge.base import KnowledgeBase
from ..result.model import Result
from ..result.outlook import Blocked, Missing, NextTest, PossibleLeader, Undecided
from ..result.parts import Match
from ..result.recommendation import Recommendation
from .other_evidence import relations_of

MAX_MEASURES = 4
"""Measurements on the first screen."""
MAX_WHY = 20
"""Letters of the reason for an add-on that its line has room for."""
MAX_FINDINGS = 2
"""Findings that are named for an add-on, so that its line holds them."""
_NOT_READ = ("UNKNOWN_MARKER", "UNKNOWN_THERAPY")
"""Notices of what was given and not read: they come first, and whole, with the nearest name."""
ABBREVIATIONS = {
    "immunohistochemistry": "IHC",
    "RNA expression": "RNA",
    "RNA sequencing": "RNA-seq",
    "copy-number analysis": "copy number",
    "sequencing by panel or exome": "sequencing",
}


class AddOnLine(NamedTuple):
    """A ranked add-on in one line, and its chief limit or caution."""

    rank: str
    add_on: str
    added_to: str
    replaces: bool
    why: str
    score: str
    evidence: str
    references: str
    flag: str
    severe: bool


class GroupLines(NamedTuple):
    """A group of add-ons under its title."""

    title: str
    lines: tuple[AddOnLine, ...]


class Measure(NamedTuple):
    """A marker to measure: how, the states that decide, and what these would do."""

    marker: str
    assay: str
    states: str
    effect: str


class Screenful(NamedTuple):
    """The first screen of an answer."""

    title: str
    case: str
    findings: tuple[str, ...]
    implied: tuple[str, ...]
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    """Cautions on the therapy itself, the gravest first."""
    groups: tuple[GroupLines, ...]
    verdict: str
    could_change: tuple[str, ...]
    measure: tuple[Measure, ...]
    counts: tuple[str, ...]
    context: tuple[str, ...]
    """Findings of this tumour with their effect on a therapy, apart from any add-on."""
    packs: str
    """A line about the packs of rules, if there are any."""
    other_evidence: str
    """A line about papers outside the review, if there are any."""


def screenful(result: Result, base: KnowledgeBase) -> Screenful:
    """Return the first screen of an answer that `base` gave."""
    words = ShortTexts(result, base)
    whole = tuple(one.message for one in result.notices)
    packs = result.rule_base.packs_in_words(12)
    if words.outside and not result.recommendations:
        case = result.profile.id or ""
        return Screenful(words.title(), case, (), (), whole, (), (), "", (), (), (), (), packs, "")
    unknown = [one.message for one in result.notices if one.code in _NOT_READ]
    others = [f"{one.partition('. ')[0].removesuffix('.')}." for one in whole if one not in unknown]
    return Screenful(
        title=words.title(),
        case=result.profile.id or "",
        findings=words.findings(),
        implied=words.implied(),
        notices=(*unknown, *others),
        warnings=words.warnings(),
        groups=tuple(words.groups()),
        verdict=words.verdict(),
        could_change=tuple(words.could_change()),
        measure=tuple(words.measure(one) for one in result.next_tests[:MAX_MEASURES]),
        counts=tuple(words.counts()),
        context=tuple(words.context()),
        packs=packs,
        other_evidence=f"Other evidence, not ranked: {found}." if (found := relations_of(result)) else "",
    )


class ShortTexts:
    """The texts of one line on a result and its parts."""

    def __init__(self, result: Result, base: KnowledgeBase) -> None:
        self._result, self._base = result, base
        self._groups = result.groups or ()
        self._selecting = Counter(
            fact
            for one in result.recommendations
            for rule in one.rules
            for met in rule.matched
            for fact in met.via
        )
        self.outside = any(one.code == "OUTSIDE_SCOPE" for one in result.notices)
        """True where the disease is not the one that the evidence is about."""

    def finding(self, marker: str, state: str) -> str:
        """Return a finding, with the clinical name of the marker."""
        known = self._base.vocabulary.markers.get(marker)
        named = f"{marker} ({known.common})" if known and known.common else marker
        return f"{named} {state.replace('-', ' ')}"

    def findings(self) -> tuple[str, ...]:
        """Return what was measured."""
        return tuple(dict.fromkeys(self.finding(one.marker, one.state) for one in self._result.facts))

    def state(self, fact: str, state: str) -> str:
        """Return a derived fact in a state."""
        known = self._base.facts.get(fact)
        return f"{known.short or known.name if known else fact} {state}"

    def implied(self) -> tuple[str, ...]:
        """Return what the findings imply; what selects most add-ons comes first."""
        order = sorted(self._result.derived, key=lambda one: -self._selecting[one.fact])
        return tuple(dict.fromkeys(self.state(one.fact, one.state) for one in order))

    def warnings(self) -> tuple[str, ...]:
        """Return the cautions on therapies in a few words; the first on a therapy names it."""
        flags: dict[tuple[str, ...], list[str]] = {}
        for one in self._result.therapy_cautions or ():
            if one.flag:
                flags.setdefault(one.therapies, []).append(one.flag)
        return tuple(
            said
            for therapies, (first, *others) in flags.items()
            for said in (f"{capital(' and '.join(therapies))}: {first}", *others)
        )

    def title(self) -> str:
        """Return the case in words: disease, therapies, and the implied state that selects most."""
        result, scope = self._result, self._base.scope
        shortest = min((scope.name, *scope.synonyms), key=len)
        therapies, lost = ([one.name for one in part] for part in (result.therapies, result.resistant_to))
        # A therapy that is given although it failed is named once.
        given = " + ".join(f"{one} (failed)" if one in lost else one for one in therapies)
        given = given or "no known therapy"
        failed = " and ".join(one for one in lost if one not in therapies)
        said = f"{shortest} under {given}" if result.therapies else f"{shortest}, {given}"
        if self.outside:
            said = f"{given[0].upper()}{given[1:]}, tumour outside the scope"
        chief = next(iter(self.implied()), "") if self._selecting else ""
        return "".join(
            (
                said,
                f" after failure of {failed}" if failed else "",
                f", {chief}" if chief else "",
            )
        )

    def name(self, one: Recommendation) -> str:
        """Return the add-on in short."""
        add_on = self._base.add_ons.get(one.add_on.id)
        return (add_on.short if add_on else "") or one.add_on.name

    def group(self, one: Recommendation) -> str:
        """Return the group in words, as within a sentence."""
        return {"unselected": "not selected", "held-back": "held back"}.get(one.group or "", one.group or "")

    def groups(self) -> Iterable[GroupLines]:
        """Yield the groups that have add-ons."""
        for group in self._groups:
            lines = [self.line(one) for one in self._result.recommendations if one.group == group.id]
            if lines:
                yield GroupLines(group.title, tuple(lines))

    def line(self, one: Recommendation) -> AddOnLine:
        """Return an add-on in one line."""
        level = self._base.levels[one.evidence.level]
        flag, severe = self._flag(one)
        papers = one.paper_marks
        return AddOnLine(
            rank=str(one.rank),
            add_on=self.name(one),
            added_to=f"replaces {one.partner}" if one.replaces_partner else one.partner,
            replaces=one.replaces_partner,
            why=self.why(one),
            score=f"{one.score:.1f}",
            evidence=level.short or level.name,
            references=f"{papers[0]} +{len(papers) - 1}" if papers[1:] else "".join(papers),
            flag=flag,
            severe=severe,
        )

    def why(self, one: Recommendation) -> str:
        """Return the finding that selects an add-on, or that does not."""
        found = one.selection
        if found is None:
            return ""
        if not (found.by or found.against or found.not_measured):
            return "not marker-specific"
        if found.by:
            return ", ".join(f"{subject} {state}" for subject, state in self._selecting_findings(found.by))
        if found.against:
            return f"{found.against[0].marker} {found.against[0].state}"
        lacking = [missing.marker for missing in found.not_measured]
        said = "markers not measured" if len(lacking) > 2 else f"{lacking[0]} not measured"
        return said if len(said) <= MAX_WHY else "marker not measured"

    def _selecting_findings(self, by: Sequence[Match]) -> list[tuple[str, str]]:
        """Return two measured findings that select an add-on, or what does instead, each with its state.

        Most tumours have the wild type of a gene, so that another finding is named before it.
        """
        measured = [met for met in by if not met.via and met.marker != "resistant_to"]
        if measured:
            measured.sort(key=lambda met: met.state == "wild-type")
            return [(met.marker, met.state) for met in measured[:MAX_FINDINGS]]
        implied = [met.via[-1] for met in by if met.via]
        if implied:
            states = {derived.fact: derived.state for derived in self._result.derived}
            subject, _, state = self.state(implied[0], states.get(implied[0], "")).rpartition(" ")
            return [(subject, state)]
        return [(self._base.vocabulary.therapies[met.state].name, "failed") for met in by[:1]]

    def _flag(self, one: Recommendation) -> tuple[str, bool]:
        """Return the chief caution or limit of an add-on, and whether it rules the add-on out.

        Of cautions of one grade, one that a finding of this patient triggers comes first.
        """
        held = self._base.ranking.groups["held-back"].reasons if one.held_back_because else {}
        because = [held[reason.reason].short or reason.words for reason in one.held_back_because or ()]
        grades = {"contraindication": 0, "limit": 1}
        warned = sorted(
            (caution for caution in one.cautions if caution.grade in grades and caution.flag),
            key=lambda caution: (grades[caution.grade or ""], not self._base.rules[caution.id].when),
        )
        said = [caution.flag or "" for caution in warned[:1]]
        rule = self._base.rules[one.rules[0].id]
        limit = rule.flag if rule.kind == "strategy" else ""
        parts = because[:1] + (said or ([limit] if limit else []))
        return ": ".join(parts), bool(one.held_back_because)

    def verdict(self) -> str:
        """Return what comes first, why, and how firmly; or that nothing selects an add-on."""
        ranked = self._result.recommendations
        if not ranked:
            order = self._result.order
            said = order.verdict if order else "Nothing is ranked."
            return " ".join([said, *map(self._blocked, self._result.blocked[:2])])
        if self._result.groups is None:
            return self._result.order.verdict if self._result.order else ""
        lead, *others = [one for one in ranked if one.rank == 1]
        found = [one for one in ranked if one.selection and one.selection.by]
        if lead.group != "selected":
            if found:
                return "Every add-on that a finding selects is held back."
            return next(
                (one.note for one in self._groups if one.note), f"{capital(lead.add_on.name)} ranks first."
            )
        if others:
            names = " and ".join(one.add_on.name for one in (lead, *others))
            reasons = dict.fromkeys(self.why(one) for one in (lead, *others))
            return f"{capital(names)} share the first rank: {', '.join(reasons)}."
        because = self._because(lead)
        if sum(one.group == "selected" for one in ranked) == 1:
            name = capital(lead.add_on.name)
            if len(found) > 1:
                return f"{name} is selected{because}; what other findings select is held back."
            return f"{name} is the only add-on that a finding selects{because}."
        share = f"{lead.first_acceptability:.0%} of weightings"
        return f"{capital(lead.add_on.name)} ranks first{because}, and does so in {share}."

    def _blocked(self, one: Blocked) -> str:
        """Return the findings that exclude an add-on, as a sentence."""
        found = " and ".join(f"{entry.marker} is {entry.measured}" for entry in one.blocked_by)
        return f"{capital(self._short(one.add_on))} is blocked: {found}."

    def _because(self, one: Recommendation) -> str:
        """Return the findings that select an add-on as a clause."""
        by = one.selection.by if one.selection else ()
        the = "the " if by and all(met.via for met in by) else ""
        said = [
            f"{the}{subject} {'has' if state == 'failed' else 'is'} {state}"
            for subject, state in self._selecting_findings(by)
        ]
        return f" because {' and '.join(said)}" if said else ""

    def could_change(self) -> Iterable[str]:
        """Yield the findings that would bring another add-on to the first place, the fewest first."""
        ways = [way for one in contenders(self._result) for way in one.needs[:1] if way]
        for way in dict.fromkeys(sorted(ways, key=len)):
            yield " with ".join(map(lacking, way))

    def measure(self, test: NextTest) -> Measure:
        """Return a measurement, and what it could do."""
        leaders = self._result.order.possible_first if self._result.order else ()
        could = [
            one.add_on
            for one in leaders
            for way in one.needs
            if [missing.marker for missing in way] == [test.marker]
        ]
        rules = self._base.rules
        if could:
            effect = f"{self._short(could[0])} could rank first"
        else:
            decided = [rule for name in test.would_decide if (rule := rules[name]).kind == "strategy"]
            add_ons = dict.fromkeys(self._base.add_ons[rule.add_on].name for rule in decided)
            first = next(iter(add_ons), "")
            more = f" and {len(add_ons) - 1} more" if len(add_ons) > 1 else ""
            effect = f"decides on {self._short(first)}{more}" if first else ""
        if not effect:
            parts = [one.add_on for one in self._result.undecided if _is_part(test.marker, one)]
            effect = f"one of the findings for {self._short(parts[0])}" if parts else ""
        states = f"if {' or '.join(test.needs)}" if test.needs else ""
        return Measure(test.marker, short_assay(test.assay), states, effect)

    def _short(self, name: str) -> str:
        found = next((one for one in self._base.add_ons.values() if one.name == name), None)
        return found.short if found and found.short else name

    def context(self) -> Iterable[str]:
        """Yield findings with their effect on a therapy, those that are resisted first."""
        verbs = {"resists": "resistance", "sensitises": "sensitivity", "prognostic": "prognosis"}
        order = list(verbs)
        effects: dict[str, dict[str, None]] = {}
        for one in sorted(self._result.context, key=lambda one: order.index(one.effect)):
            if one.matched:
                found = " and ".join(dict.fromkeys(f"{met.marker} {met.state}" for met in one.matched[:2]))
                effects.setdefault(found, {})[verbs[one.effect]] = None
        for found, named in effects.items():
            yield f"{found} ({' and '.join(named)})"

    def counts(self) -> Iterable[str]:
        """Yield how much more there is of each kind."""
        result = self._result
        undecided = len(result.undecided) + len(result.undecided_context or ())
        cautions = {caution.id for one in result.recommendations for caution in one.cautions}
        cautions |= {one.id for one in result.therapy_cautions or ()}
        for number, noun in (
            (len(result.context), "context"),
            (len(result.disputed), "disputed"),
            (undecided, "undecided"),
            (len(result.blocked), "blocked"),
        ):
            if number:
                yield f"{number} {noun}"
        if cautions:
            yield counted(len(cautions), "caution")


def contenders(result: Result) -> tuple[PossibleLeader, ...]:
    """Return the add-ons that are not first, but could be, with the findings that this takes."""
    first = {one.id for one in result.recommendations if one.rank == 1}
    leaders = result.order.possible_first if result.order else ()
    return tuple(one for one in leaders if one.id not in first)


def short_assay(assay: str) -> str:
    """Return what measures a marker, with the usual abbreviations.

    >>> short_assay("copy-number analysis; immunohistochemistry or RNA expression")
    'copy number; IHC or RNA'
    """
    for whole, short in ABBREVIATIONS.items():
        assay = assay.replace(whole, short)
    return assay


def _is_part(marker: str, undecided: Undecided) -> bool:
    return any(missing.marker == marker for way in undecided.minimal_sets for missing in way)


def lacking(missing: Missing) -> str:
    """Return a finding that is not measured, with the states that would do."""
    return f"{missing.marker.replace('_', ' ')} {' or '.join(missing.needs)}"
