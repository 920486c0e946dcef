"""Makers of quiz questions: small functions, each from one part of an answer.

A maker yields drafts whose right option holds and whose wrong options do not, by the same answer. Where that
cannot be said, as with equal ranks or gains, it yields none.
"""

from collections.abc import Iterable, Sequence

from .._text import capital, counted
from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from ..knowledge.corroboration_models import Verdict
from ..knowledge.models import AuditFinding
from ..knowledge.phrasing import source_read
from ..result.corroboration import CorroborationView
from ..result.outlook import Blocked
from ..result.parts import Match
from ..result.recommendation import Recommendation, ReferenceView
from ..result.references import reference
from .cards import audited, reference_chip
from .quiz_drafts import Maker, QuizDraft, QuizSource

NO_FINDING = "no finding of this tumour"
_NEAR = 6
"""Add-ons behind the first that are offered in its place: those far below nobody would choose."""


def selecting_finding(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which finding selects an add-on."""
    for one in source.result.recommendations:
        if one.group != "selected" or one.selection is None or not one.selection.by:
            continue
        right, *more = dict.fromkeys(_met(met, source) for met in one.selection.by)
        yield QuizDraft(
            "selects",
            f"Which of these {'has a part in selecting' if more else 'selects'} {source.name(one)}?",
            "",
            right,
            (*_of_no_weight(one, source), NO_FINDING),
            f"{' and '.join([right, *more])}. {one.score_reasons.marker_match}",
            _proof(one),
            _papers(one),
        )


def unselected(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which finding selects an add-on where none does, and others are selected."""
    selected = any(one.group == "selected" for one in source.result.recommendations)
    for one in source.result.recommendations:
        if selected and one.group == "unselected":
            name = source.name(one)
            yield QuizDraft(
                "selects",
                f"Which of these selects {name}?",
                "",
                NO_FINDING,
                tuple(_of_no_weight(one, source)),
                f"Nothing that was measured selects {name}. {one.score_reasons.marker_match}",
                _proof(one),
                _papers(one),
            )


def _of_no_weight(one: Recommendation, source: QuizSource) -> Iterable[str]:
    """Yield the findings that no rule behind an add-on reads."""
    read = {atom.name for rule in one.rules for atom in _atoms(rule.id, source.base)}
    others = (fact for fact in source.result.facts if fact.marker not in read)
    return (source.words.finding(fact.marker, fact.state) for fact in others)


def first_rank(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which add-on ranks first, where a finding selects it and it is alone there."""
    ranked = source.result.recommendations
    first = [one for one in ranked if one.rank == 1]
    if len(first) != 1 or first[0].group not in ("selected", None):
        return
    (lead,) = first
    behind = [one for one in ranked if one.rank > 1][:_NEAR]
    named = {one.add_on.name for one in ranked}
    result = source.result
    others = [(one.add_on, one.partner) for one in result.blocked]
    others += [(one.add_on, one.partner) for one in result.undecided]
    unranked = dict.fromkeys(f"{name} + {partner}" for name, partner in others if name not in named)
    said = f"{source.words.verdict()} Its score is {lead.score:.1f}."
    if behind:
        said += f" Next is {source.name(behind[0])}, rank {behind[0].rank}."
    yield QuizDraft(
        "first-rank",
        "Which add-on ranks first?",
        "",
        source.name(lead),
        tuple(source.name(one) for one in behind) or tuple(unranked),
        said,
        _proof(lead),
        _papers(lead),
    )


def nothing_selected(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask what the ranking means where no finding selects an add-on."""
    ranked = source.result.recommendations
    notes = [group for group in source.result.groups or () if group.id == "selected" and group.note]
    if not ranked or not notes or any(one.selection and one.selection.by for one in ranked):
        return
    said = f"{notes[0].note} {_meaning(source)}".strip()
    if notes[0].measure:
        said += f" Measurements that could change this: {', '.join(notes[0].measure[:3])}."
    yield QuizDraft(
        "nothing-selected",
        "Which statement describes this ranking?",
        "",
        notes[0].note,
        (
            f"A finding of this tumour selects {source.name(ranked[0])}.",
            "Nothing is ranked before more is measured.",
        ),
        said,
        _proof(ranked[0]),
    )


def _meaning(source: QuizSource) -> str:
    """Return what it means to be in the group of the first add-on."""
    first = source.result.recommendations[0].group
    return next((group.meaning for group in source.result.groups or () if group.id == first), "")


def nothing_ranked(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask why nothing is ranked."""
    result = source.result
    if result.recommendations:
        return
    codes = {one.code: one.message for one in result.notices}
    reasons = {
        "NO_THERAPY": "No known therapy is given to which an add-on could be added.",
        "OUTSIDE_SCOPE": f"The tumour is not {source.base.scope.name}, which the evidence is about.",
        "": "No strategy for the therapy given is met by the findings.",
    }
    why = next((code for code in codes if code in reasons), "")
    said = [codes[why]] if why else [one.message for one in result.notices if one.code == "NO_STRATEGY"]
    wrong = [text for code, text in reasons.items() if code and code != why]
    if not result.blocked:
        wrong.append("A measured finding blocks every add-on.")
    said += [_blocked(one) for one in result.blocked[:2]]
    yield QuizDraft(
        "nothing-ranked",
        "Why is nothing ranked for this tumour?",
        "",
        reasons[why],
        tuple(wrong),
        " ".join(said) or source.words.verdict(),
    )


def blocked_add_on(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which add-on is blocked, and by which finding."""
    result = source.result
    names = {one.add_on for one in result.blocked}
    ranked = [one for one in result.recommendations if one.add_on.name not in names]
    for one in result.blocked:
        if any(other.add_on.name == one.add_on for other in result.recommendations):
            continue  # by another rule it is ranked
        markers = {found.marker for found in one.blocked_by}
        because = _obstacles(one)
        others = [f"{fact.marker} is {fact.state}" for fact in result.facts if fact.marker not in markers]
        rule = source.base.rules[one.id]
        yield QuizDraft(
            "blocked",
            "Which add-on is blocked, and by which finding?",
            "",
            f"{one.add_on}, because {because}",
            (
                *(f"{other.add_on.name}, because {because}" for other in ranked[:_NEAR]),
                *(f"{one.add_on}, because {other}" for other in others),
            ),
            _blocked(one),
            (f"Rule {one.id}: {rule.title}. Read at {', '.join(found.source for found in one.blocked_by)}.",),
            source.papers(rule.references[:2]),
        )


def evidence_level(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask for the strongest evidence of an add-on."""
    levels = source.base.levels
    for one in source.result.recommendations:
        rules = [source.base.rules[rule.id] for rule in one.rules]
        if len({rule.evidence.level for rule in rules if rule.kind == "strategy"}) != 1:
            continue
        own = levels[one.evidence.level]
        others = [
            level.name
            for level in levels.values()
            if level.id != own.id and (level.points < own.points or not one.evidence.patient_samples)
        ]
        models = "; ".join(one.evidence.models)
        said = f"{own.reason} In the paper: {models}. Source read: {source_read(one.evidence.basis)}."
        yield QuizDraft(
            "evidence",
            f"What is the strongest evidence for {source.name(one)}?",
            "",
            own.name,
            tuple(others),
            f"{said} {one.limits}".strip(),
            _proof(one),
            _papers(one),
        )


def screened(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask what drug screens show about a rule: a contrary verdict, or else one on a ranked strategy."""
    drafts = [*_screened_strategies(source), *_screened_contexts(source)]
    contrary = [draft for verdict, draft in drafts if verdict == "contrary"]
    yield from contrary or (draft for verdict, draft in drafts if draft.text.startswith("This strategy"))


def _screened_strategies(source: QuizSource) -> Iterable[tuple[Verdict, QuizDraft]]:
    for one in source.result.recommendations:
        for rule in one.rules:
            if rule.corroboration and one.group != "held-back":
                about = f"This strategy rests on {{}}: {source.name(one)}."
                yield from _screened(rule.corroboration, rule.id, about, source)


def _screened_contexts(source: QuizSource) -> Iterable[tuple[Verdict, QuizDraft]]:
    for one in source.result.context:
        if one.corroboration:
            about = f"This context rests on {{}}: {one.title}."
            yield from _screened(one.corroboration, one.id, about, source)


def _screened(
    found: CorroborationView, rule: str, about: str, source: QuizSource
) -> Iterable[tuple[Verdict, QuizDraft]]:
    """Yield the question about a verdict that one figure shows."""
    figure, chief = found.figure, source.base.corroboration[rule].chief
    if figure is None or chief is None or chief.verdict != found.verdict or found.verdict == "too-few":
        return
    options = [capital(figure.correlating(to)) for to in ("resistance", "sensitivity")]
    options.append(f"No clear correlation of {figure.marker} with the response to {figure.drug}")
    right = options[2 if found.verdict == "no-signal" else 0 if figure.adjusted > 0 else 1]
    options.append("Too few lines to tell")
    numbers, base = source.base.rules[rule].references, source.base
    papers = "one paper" if len(numbers) == 1 else counted(len(numbers), "paper")
    low, high = figure.interval
    implied = "resistance" if figure.expected == "resists" else "sensitivity"
    shown = f"Adjusted rho {figure.adjusted:+.2f} ({low:+.2f} to {high:+.2f}). The rule implies {implied}"
    yield (
        found.verdict,
        QuizDraft(
            "screens",
            f"{about.format(papers)} What did the comparison with {figure.lines} show?",
            f"{figure.marker} and the response to {figure.drug}. A screen does not measure ferroptosis.",
            right,
            tuple(option for option in options if option != right),
            f"Compared with drug screens: {found.said}",
            (
                f"{shown}; the smallest correlation to be shown was {figure.detectable:.2f}.",
                f"Rule {rule}: {base.rules[rule].title}",
            ),
            source.papers(numbers[:2]),
        ),
    )


def measurement(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which measurement decides most."""
    tests = source.result.next_tests
    if len(tests) < 2 or tests[0].gain <= tests[1].gain:
        return
    first = tests[0]
    others = [one for one in tests if f"{one.gain:.0%}" != f"{first.gain:.0%}"][: 2 * _NEAR]
    if not others:
        return
    rules = [source.base.rules[name] for name in first.would_decide]
    strategies = (rule for rule in rules if rule.kind == "strategy")
    decided = dict.fromkeys(source.base.add_ons[rule.add_on].name for rule in strategies)
    said = (
        f"Averaged over its states, {first.marker} decides {first.gain:.0%} of the strategies that are still "
        f"undecided; {others[0].marker} decides {others[0].gain:.0%}."
    )
    if decided:
        said += f" It bears on {', '.join(list(decided)[:4])}{' and others' if len(decided) > 4 else ''}."
    yield QuizDraft(
        "measure",
        "Which of these measurements would decide most?",
        "For research; no test is advised for a patient.",
        first.marker,
        tuple(one.marker for one in others),
        said,
        tuple(f"Rule {rule.id}: {rule.title}" for rule in rules[:3]),
    )


def misreported(source: QuizSource) -> Iterable[QuizDraft]:
    """Ask which of two statements misreports its source, for the findings of the audit on this case."""
    result = source.result
    touched = audited(result) | {name for one in result.disputed for name in one.audit}
    yield from cards(source.base, sorted(touched))


def cards(base: KnowledgeBase, findings: Iterable[str]) -> Iterable[QuizDraft]:
    """Yield a question for each of these findings of the audit of which a card can be made."""
    for name in findings:
        finding = base.audit[name]
        if finding.card is None:
            continue
        papers = [reference(base.references[number]) for number in finding.references]
        chips = [reference_chip(one) for one in papers]
        named = ", ".join(f"{chip.number} ({chip.name})" for chip in chips)
        yield QuizDraft(
            "misreport",
            _asked(finding),
            f"Reference {named}" if named else "",
            finding.card.review,
            (finding.card.paper,),
            f"The review: {finding.review_says} The source: {finding.cited_work_says}",
            (
                f"Audit {finding.id}, {finding.severity}. Source read: {source_read(finding.checked)}.",
                f"Encoded as: {finding.encoded_as}",
            ),
            tuple(papers),
        )


def _asked(finding: AuditFinding) -> str:
    several = len(finding.references) > 1
    if not finding.references:
        return "No paper is cited for one of these two statements, and it is not supported. Which one?"
    if not finding.checked.startswith("title"):
        return f"Which of these two statements misreports the cited paper{'s' if several else ''}?"
    if several:
        return "Of these papers the titles were available. Which of the two statements do they not support?"
    return "Of this paper the title was available. Which of the two statements does it not support?"


def _atoms(rule: str, base: KnowledgeBase) -> Iterable[Atom]:
    ways = list(base.measured_ways(rule))
    if rule in base.support_ways:
        ways += base.measured_support(rule)
    return (atom for way in ways for atom in way)


def _met(met: Match, source: QuizSource) -> str:
    if met.marker == "resistant_to":
        return f"failure of {source.base.vocabulary.therapies[met.state].name}"
    return source.words.finding(met.marker, met.state)


def _obstacles(one: Blocked) -> str:
    return " and ".join(f"{found.marker} is {found.measured}" for found in one.blocked_by)


def _blocked(one: Blocked) -> str:
    needs = " and ".join(f"{found.marker} {' or '.join(found.needs)}" for found in one.blocked_by)
    return f"{one.add_on} is blocked: it requires {needs}, and {_obstacles(one)}."


def _proof(one: Recommendation) -> tuple[str, ...]:
    return tuple(f"Rule {rule.id}: {rule.title}. Met by {_in_words(rule.matched)}." for rule in one.rules[:2])


def _papers(one: Recommendation) -> tuple[ReferenceView, ...]:
    """Return the papers of the review behind an add-on, without sources of cautions."""
    return tuple(found for found in one.references if found.number)[:2]


def _in_words(matched: Sequence[Match]) -> str:
    return ", ".join(
        f"{met.marker.replace('_', ' ')} {met.state} ({met.source})"
        + (f" by way of {' and '.join(met.via)}" if met.via else "")
        for met in matched
    )


MAKERS = (
    Maker(selecting_finding, 2),
    Maker(unselected, 1),
    Maker(first_rank, 1),
    Maker(nothing_selected, 1),
    Maker(nothing_ranked, 1),
    Maker(blocked_add_on, 1),
    Maker(evidence_level, 1),
    Maker(screened, 1),
    Maker(measurement, 1),
    Maker(misreported, 3),
)
"""Every maker, in the order of a quiz. A new kind of question is a new function in this list."""
