"""A tour step by step, for the presenter of a journal club. Knows no terminal."""

import json
from collections import Counter
from itertools import groupby
from typing import Any, ClassVar, NamedTuple

from .._errors import InputError
from .._text import did_you_mean, one_of
from .._validation import FieldProblem, located
from .._values import Value
from ..evaluation.facts import read_facts
from ..evaluation.trace import Firing
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import AuditFinding, Therapy
from ..knowledge.phrasing import EFFECT, FERROPTOSIS
from ..knowledge.rule_models import ContextRule, DisputedRule, Rule, StrategyRule
from ..recommender import Recommender
from ..result.builder import ResultBuilder
from ..result.corroboration import corroboration_view
from ..result.model import Result
from ..result.parts import Fact
from ..result.recommendation import CautionView, EvidenceView, ReferenceView
from ..result.references import reference
from ..whatif import Changes, Effect, changed, effect
from .comparison import Comparison, comparison
from .digest import could_lead, without_places
from .tour_files import Case, LookAt
from .two_readings import TwoReadings, two_readings


class TourStep(Value):
    """A step of a walk: what a presenter shows before the next pause."""

    name: ClassVar[str]
    title: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values."""
        plain: dict[str, Any] = json.loads(json.dumps(vars(self), default=vars))
        return {"step": self.name, "title": self.title, **plain}


class TheCase(TourStep):
    """Who is treated with what, and what was measured."""

    name, title = "case", "The case"
    headline: str
    story: str
    therapies: tuple[str, ...]
    resistant_to: tuple[str, ...]
    measured: tuple[Fact, ...]


class TheQuestion(TourStep):
    """The question to the audience before it sees the answer."""

    name, title = "question", "What would you say?"
    question: str


class FiredTogether(NamedTuple):
    """Rules of a kind that fire in the same stage because of the same."""

    stage: int
    kind: str
    because: tuple[str, ...]
    fired: tuple[Firing, ...]

    @property
    def reasons(self) -> str:
        """The reasons in words, without their places in the profile."""
        return without_places(" and ".join(self.because))


def _is_therapy(reason: str) -> bool:
    """Return True where a reason is a therapy that is given."""
    return "(/therapies/" in reason


class TheRules(TourStep):
    """Which rules fire, in their order."""

    name, title = "rules", "Which rules fire"
    fired: tuple[Firing, ...]

    @property
    def of_this_tumour(self) -> tuple[Firing, ...]:
        """The rules that fire because of a finding or of what findings imply, not of the therapy alone."""
        return tuple(one for one in self.fired if not all(map(_is_therapy, one.because)))

    @property
    def of_any_tumour(self) -> tuple[tuple[str, int], ...]:
        """The number of the other rules of each kind, the most first."""
        others = [one.kind for one in self.fired if all(map(_is_therapy, one.because))]
        return tuple(Counter(others).most_common())

    @property
    def groups(self) -> tuple[FiredTogether, ...]:
        """The rules of this tumour that fire in a stage because of the same, together."""
        together = groupby(self.of_this_tumour, lambda one: (one.stage, one.kind, one.because))
        return tuple(FiredTogether(*what, tuple(fired)) for what, fired in together)


class TheRanking(TourStep):
    """The whole answer, and what to say about its order."""

    name, title = "ranking", "The ranking"
    result: Result
    answer: str

    @property
    def could_lead(self) -> tuple[str, ...]:
        """The add-ons that are not first, but could be once more is measured."""
        return could_lead(self.result)


class Exhibit(Value):
    """One thing in the answer with all that it rests on."""

    id: str
    found_as: str
    title: str
    text: str
    evidence: EvidenceView | None
    effect: str
    limits: str
    screens: str
    """What drug screens show about it, in words; empty where nobody looked."""
    cautions: tuple[CautionView, ...]
    references: tuple[ReferenceView, ...]
    say: str


class TheEvidence(TourStep):
    """The evidence for chosen entries of the answer."""

    name, title = "evidence", "What it rests on"
    exhibits: tuple[Exhibit, ...]


class TheAudit(TourStep):
    """Where the review and the paper that it cites disagree."""

    name, title = "audit", "The review against its source"
    finding: AuditFinding
    references: tuple[ReferenceView, ...]
    discuss: str


class TheReadings(TourStep):
    """The case ranked by the papers and by the review as it is printed."""

    name, title = "as-printed", "If the review had been believed"
    readings: TwoReadings
    say: str

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values."""
        found = self.readings
        rows = [one._asdict() for one in found.ranking]
        plain = {"warning": found.warning, "ranking": rows, "findings": [one.id for one in found.findings]}
        return {"step": self.name, "title": self.title, **plain, "say": self.say}


class TheChange(TourStep):
    """A change of the case, for the audience to guess what it does."""

    name, title = "what-if", "What if?"
    ask: str
    changes: tuple[str, ...]


class TheEffect(TourStep):
    """The effect of the change."""

    name, title = "effect", "What the change does"
    effect: Effect
    comparison: Comparison
    point: str

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values."""
        plain = {**super().to_dict(), "effect": self.effect.to_dict()}
        del plain["comparison"]  # the same for people
        return plain


class TheQuestions(TourStep):
    """The questions that the group discusses."""

    name, title = "questions", "For the group"
    questions: tuple[str, ...]


class _Place(NamedTuple):
    """Where in an answer an entry stands: the rule behind it, the list, a heading, and what warns of it."""

    rule: str
    found_as: str
    title: str
    cautions: tuple[CautionView, ...] = ()


def walk(recommender: Recommender, case: Case) -> tuple[TourStep, ...]:
    """Return the steps of a tour, in their order.

    Raises InputError with every name in the tour that its answer does not have, by file and line.
    """
    tour, profile, base = case.tour, case.profile, recommender.base
    result, fired = recommender.recommend(profile), recommender.fired(profile)
    places = _places(result, base)
    problems = [
        FieldProblem(
            ("look_at", number, "id"), f"the answer has no '{one.id}'.", did_you_mean(one.id, places)
        )
        for number, one in enumerate(tour.look_at)
        if one.id not in places
    ]
    rules = {place.rule for place in places.values()} | {one.rule for one in fired}
    findings = sorted({finding for rule in rules for finding in base.rules[rule].audit})
    if tour.audit not in findings:
        hint = f"Those that do: {one_of(findings)}." if findings else ""
        problems.append(FieldProblem(("audit",), f"'{tour.audit}' bears on no rule of this case.", hint))
    changes = Changes(tour.whatif.set, tour.whatif.unset, tour.whatif.therapy)
    after = result
    try:
        after = recommender.recommend(changed(profile, changes, base))
    except InputError as error:
        problems += [FieldProblem(("whatif", one.parameter), one.what, one.hint) for one in error.problems]
    else:
        if not any(effect(result, after)):
            problems.append(FieldProblem(("whatif",), "it changes nothing in the answer."))
    if problems:
        raise InputError([located(one, str(case.path), case.document) for one in problems])
    finding = base.audit[tour.audit]
    readings = two_readings(result, profile) if tour.as_printed else None
    return (
        TheCase(
            headline=tour.title,
            story=tour.story,
            therapies=tuple(one.name for one in result.therapies),
            resistant_to=tuple(one.name for one in result.resistant_to),
            measured=result.facts,
        ),
        TheQuestion(question=tour.question),
        TheRules(fired=tuple(fired)),
        TheRanking(result=result, answer=tour.answer),
        TheEvidence(exhibits=tuple(_exhibit(one, places[one.id], base) for one in tour.look_at)),
        TheAudit(
            finding=finding,
            references=tuple(reference(base.references[number]) for number in finding.references),
            discuss=tour.discuss,
        ),
        *([TheReadings(readings=readings, say=tour.as_printed)] if readings and tour.as_printed else []),
        TheChange(ask=tour.whatif.ask, changes=changes.in_words()),
        TheEffect(
            effect=effect(result, after),
            comparison=comparison(result, after, base),
            point=tour.whatif.point,
        ),
        TheQuestions(questions=tour.questions),
    )


def therapy_classes(case: Case, base: KnowledgeBase) -> list[Therapy]:
    """Return the classes and modalities at the root of the therapies of a tour. Raises InputError."""
    vocabulary = base.vocabulary
    given = {
        one
        for therapy in read_facts(case.profile, base).therapies
        for one in vocabulary.lineage(therapy.therapy)
    }
    return [
        therapy for name, therapy in vocabulary.therapies.items() if name in given and not therapy.parents
    ]


def _places(result: Result, base: KnowledgeBase) -> dict[str, _Place]:
    """Every entry of an answer that can be looked at, by id."""
    places = {
        one.id: _Place(one.rules[0].id, f"rank {one.rank}", f"{one.add_on.name} {one.place}", one.cautions)
        for one in result.recommendations
    }
    lists = {
        "context": [one.id for one in result.context],
        "disputed": [one.id for one in result.disputed],
        "undecided": [one.id for one in result.undecided],
        "blocked": [one.id for one in result.blocked],
    }
    for found_as, rules in lists.items():
        places |= {rule: _Place(rule, found_as, base.rules[rule].title) for rule in rules}
    return places


def _exhibit(look_at: LookAt, place: _Place, base: KnowledgeBase) -> Exhibit:
    rule = base.rules[place.rule]
    screened = base.corroboration.get(rule.id)
    return Exhibit(
        id=look_at.id,
        found_as=place.found_as,
        title=place.title,
        text=_text(rule),
        evidence=ResultBuilder(base).evidence(rule) if isinstance(rule, StrategyRule | ContextRule) else None,
        effect=_effect(rule),
        limits=rule.limits,
        screens=corroboration_view(screened).said if screened else "",
        cautions=place.cautions,
        references=tuple(reference(base.references[number]) for number in rule.references),
        say=look_at.say,
    )


def _effect(rule: Rule) -> str:
    if not isinstance(rule, StrategyRule):
        return ""
    return f"{EFFECT[rule.effect]}; {FERROPTOSIS[rule.ferroptosis]}"


def _text(rule: Rule) -> str:
    match rule:
        case StrategyRule():
            return rule.mechanism
        case DisputedRule():
            return f"Claimed: {rule.claim} But: {rule.why}"
        case ContextRule():
            return rule.text
    raise AssertionError(rule.kind)  # nothing else is listed in an answer
