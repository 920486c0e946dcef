"""The answer in a terminal: made for 80 columns, better with more."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .._label import LABEL, PURPOSE
from .._text import printable
from ..knowledge.phrasing import EFFECT, FERROPTOSIS, READ
from ..reports.cards import disputed_here
from ..reports.digest import Implied, digest, without_places
from ..reports.other_evidence import OUTSIDE_REVIEW, papers_on
from ..result.corroboration import CorroborationView
from ..result.model import Result
from ..result.outlook import Blocked, Missing, NextTest, Undecided, UndecidedContext
from ..result.parts import Disputed, Match
from ..result.recommendation import CautionView, ContextEntry, Recommendation, TherapyCaution
from .entries import DIM, Entries
from .ids import notice_of
from .ranks import DISPUTED, HEADINGS, OTHER_TUMOUR, RankGroup, about, not_selected, rank_groups, rank_row
from .screen import Screen

_LABEL_STYLE = "bold white on red"
_HEAD = "bold cyan"
_NAME_COLUMNS = 20
"""Columns that the names of add-ons need, so that none of their words is broken."""


def table(result: Result, screen: Screen) -> str:
    """Return the result as text for a screen."""
    return screen.text(_whole(result))


def two_columns(title: str, values: Mapping[str, str], screen: Screen) -> str:
    """Return names and values as a table of two columns."""
    grid = Table(show_header=False, box=None)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in values.items():
        grid.add_row(Text(name), Text(printable(value)))
    return labelled_page(title, "", grid, screen=screen)


def labelled_page(title: str, *parts: RenderableType, screen: Screen) -> str:
    """Return parts under the label and a title, as text for a screen."""
    head = Text.assemble((f" {LABEL} ", _LABEL_STYLE), " not for treatment decisions\n")
    return screen.text(Group(head, Text(printable(title), style=_HEAD), *parts))


def details(result: Result, screen: Screen) -> str:
    """Return everything of a result that its first screen leaves out, as text for a screen."""
    return screen.text(Group(*_details(result)))


def _whole(result: Result) -> Group:
    parts: list[RenderableType] = [_label(), _profile(result), _heading("Ranked add-ons")]
    parts.append(ranks_of(result) if result.recommendations else Text("  None."))
    if result.order:
        parts.append(Text(f"\n{result.order.verdict}"))
    return Group(*parts, *_details(result))


def _details(result: Result) -> list[RenderableType]:
    short = digest(result)
    parts: list[RenderableType] = []
    parts += _section(
        "Notices",
        (
            Text.assemble((one.code, "yellow"), " ", _safe(one.path), "  ", _safe(one.message))
            for one in result.notices
        ),
    )
    parts += _section("Cautions on the therapy", map(_therapy_caution, result.therapy_cautions or ()))
    parts += _section("Implied by the findings", map(_implied, short.implied))
    if short.next_tests:
        shown, count = len(short.next_tests), short.tests
        more = f" ({shown} of {count}; all: recommender next-tests)" if shown < count else ""
        parts += [_heading(f"What to measure next{more}"), _next_tests(short.next_tests)]
    parts += [_recommendation(one) for one in result.recommendations]
    parts += _section("Cautions", map(_caution, short.cautions))
    parts += _combinations(result)
    parts += _section("Context, not ranked", map(_context, result.context))
    parts += _section(
        "Context that more findings would decide", map(_undecided_context, result.undecided_context or ())
    )
    parts += _section("Undecided add-ons: findings that they require", map(_undecided, result.undecided))
    parts += _section("Blocked by a measured finding", map(blocked_line, result.blocked))
    here = disputed_here(result) if result.groups else frozenset()
    disputed = sorted(result.disputed, key=lambda one: one.id not in here)
    parts += _section(DISPUTED, map(_disputed, disputed))
    return [*parts, Text(), _footer(result)]


def _label() -> Text:
    return Text.assemble((f" {LABEL} ", _LABEL_STYLE), f" {PURPOSE}\n")


def _profile(result: Result) -> Entries:
    entries = Entries(0, 10)
    entries.add("Profile", _safe(result.profile.id or "without id"))
    entries.add("Therapy", ", ".join(one.name for one in result.therapies) or "none given")
    if result.resistant_to:
        entries.add("Failed", ", ".join(one.name for one in result.resistant_to))
    measured = ", ".join(f"{one.marker} {one.state}" for one in result.facts)
    entries.add("Measured", measured or "no marker that a rule reads")
    if result.profile.note:
        entries.add("Note", _safe(result.profile.note))
    return entries


def ranks_of(result: Result) -> Group:
    """Return the ranked add-ons by group, without their reasons."""
    parts: list[RenderableType] = []
    for group in rank_groups(result):
        if group.title:
            parts.append(Text(group.title, style="italic"))
        if group.note:
            parts.append(Text(f"  {group.note}\n"))
        if group.recommendations:
            parts.append(_ranks(group))
    return Group(*parts)


def _ranks(group: RankGroup) -> Table:
    ranks = Table(box=None, padding=(0, 1), header_style="bold", expand=False)
    head = HEADINGS
    ranks.add_column(head.rank, justify="right")
    ranks.add_column(head.add_on, ratio=1, min_width=_NAME_COLUMNS, overflow="fold")
    ranks.add_column(head.partner, overflow="fold", max_width=12)
    ranks.add_column(head.score, justify="right")
    ranks.add_column(head.stability, justify="right", max_width=9)
    ranks.add_column(head.evidence, max_width=16)
    ranks.add_column(head.references, justify="right", no_wrap=True)
    for one in group.recommendations:
        row = rank_row(one, group)
        name = Text(row.add_on, style="bold")
        name.append(f"\n{about(one)}", style="not bold dim")
        for held in one.held_back_because or ():
            name.append(f"\n{held.words}", style="not bold yellow")
        if one.extrapolated and not group.title:
            name.append(f"\n{OTHER_TUMOUR}", style="not bold yellow")
        ranks.add_row(row.rank, name, *row[2:])
    return ranks


def _recommendation(one: Recommendation) -> Group:
    entries = Entries(2, 10)
    entries.add("Why", one.mechanism)
    matched = [match for rule in one.rules for match in rule.matched if match.marker != "therapy"]
    entries.add("Selected", _matched(matched) if matched else Text(not_selected(one), style=DIM))
    for held in one.held_back_because or ():
        entries.add("Held back", Text(held.words, style="yellow"))
    entries.add("Effect", f"{EFFECT[one.effect]}; {FERROPTOSIS[one.ferroptosis]}")
    entries.add(
        "Evidence",
        f"preclinical: {'; '.join(one.evidence.models)}. Tumour: {', '.join(one.evidence.tumour_types)}. "
        f"Source read: {READ[one.evidence.basis]}.",
    )
    if one.limits:
        entries.add("Limits", one.limits)
    for rule in one.rules:
        if rule.corroboration:
            entries.add("Screens", corroborated(rule.corroboration, rule.id))
    if one.add_on.status_note:
        entries.add("Status", one.add_on.status_note)
    parts = one.score_parts
    entries.add(
        "Score",
        f"{one.score:.1f}: marker match {parts.marker_match}, partner match {parts.partner_match}, evidence "
        f"{parts.evidence}, actionability {parts.actionability}, penalty {parts.penalty}",
    )
    entries.add("Stability", one.verdict)
    if one.cautions:
        entries.add(
            "Cautions",
            Text("; ".join(map(_named, one.cautions)), style="yellow"),
        )
    for note in one.audit:
        entries.add(
            "Audit",
            Text.assemble(
                (f"{note.id} ({note.severity}) ", "yellow"),
                f"Review: {note.review_says} Paper: {note.cited_work_says}",
            ),
        )
    for reference in one.references:
        doi = f" doi:{reference.doi}" if reference.doi else ""
        found = notice_of(reference)
        text = f"{reference.citation}{doi}{f' ({found})' if found else ''}"
        if reference.number:
            entries.add(f"[{reference.number}]", text)
        else:
            entries.add("Source", f"{reference.title}. {text}")
    for place, paper in enumerate(papers_on(one)):
        entries.add("" if place else "Other", f"{'' if place else f'{OUTSIDE_REVIEW}. '}{paper}")
    packs = sorted({rule.pack for rule in one.rules if rule.pack})
    if packs:
        entries.add("Pack", _safe(", ".join(packs)))
    head = Text.assemble("\n", (f"{one.rank}  {one.add_on.name}", "bold"), f" {one.place}")
    return Group(head, entries)


def corroborated(found: CorroborationView, rule: str = "") -> Text:
    """Return what drug screens show about a rule, and its id, by which its figures are found."""
    decided = found.verdict in ("contrary", "in-line")
    text = Text.assemble((found.word, "bold" if decided else ""), _safe(found.said.removeprefix(found.word)))
    if found.figure and rule:
        text.append(printable(f" Rule: {rule}"), style=DIM)
    return text


def _undecided_context(one: UndecidedContext) -> Text:
    met = ", ".join(f"{match.marker} {match.state}" for match in one.met)
    return Text.assemble(
        (one.effect, "bold"), f"  {one.text} ", _safe(f"Found: {met}. Not measured: {_needed(one.missing)}.")
    )


def _named(one: CautionView) -> str:
    """A caution in a few words."""
    return one.flag or _in_words(one.id)


def _caution(one: CautionView) -> Text:
    return Text.assemble((f"{_named(one)}:", "yellow"), f" {one.text}", _numbers(one.references))


def _therapy_caution(one: TherapyCaution) -> Text:
    therapies = ", ".join(one.therapies)
    return Text.assemble((one.grade, "yellow"), f"  {therapies}: {one.text}", _numbers(one.references))


def _combinations(result: Result) -> list[RenderableType]:
    found = result.combinations
    if found is None or not (found.defences or found.alternatives):
        return []
    parts: list[RenderableType] = [_heading("How the add-ons relate")]
    entries = Entries(2, 0)
    entries.add("", found.note)
    entries.add("", "")
    if found.defences:
        matrix = Table(box=None, padding=(0, 1), header_style="bold")
        matrix.add_column("Add-on")
        for fact in found.defences:
            matrix.add_column(fact, justify="center", overflow="fold")
        for one in found.matrix:
            matrix.add_row(one.add_on, *("x" if fact in one.defences else "" for fact in found.defences))
        parts += [entries, matrix]
        entries = Entries(2, 0)
        entries.add("", "")
    names = {one.id: one.add_on for one in found.matrix}
    for group in found.alternatives:
        members = ", ".join(names[one] for one in group.recommendations)
        text = Text.assemble(("alternatives", "yellow"), f" on {group.acts_on}: {members}")
        entries.add("", text)
    pairs = "; ".join(" and ".join(names[one] for one in pair) for pair in found.complementary)
    if pairs:
        entries.add("", Text.assemble(("different defences", "green"), f" {pairs}"))
    return [*parts, entries]


def _implied(one: Implied) -> Text:
    because = [
        without_places(", ".join(reason.because)) + _numbers(reason.references) for reason in one.reasons
    ]
    return Text.assemble((f"{one.fact} {one.state}", "bold"), "  because of ", _safe("; ".join(because)))


def _context(one: ContextEntry) -> Text:
    colour = {"resists": "red", "sensitises": "green", "prognostic": "blue"}[one.effect]
    text = Text.assemble((one.effect, colour), f"  {one.text}")
    if one.matched:
        text.append_text(Text.assemble("  Because: ", _matched(one.matched), "."))
    if one.limits:
        text.append(f" {one.limits}", style=DIM)
    if one.corroboration and one.corroboration.figure:
        text.append(printable(f" Drug screens: {one.corroboration.in_words}."), style=DIM)
    text.append(_numbers(one.references))
    papers = papers_on(one)
    return text.append(f" {OUTSIDE_REVIEW}. {' '.join(map(str, papers))}", style=DIM) if papers else text


def _disputed(one: Disputed) -> Text:
    return Text.assemble(
        ("Review:", "yellow"), f" {one.claim} ", ("Paper:", "bold"), f" {one.why}", _numbers(one.references)
    )


def _undecided(one: Undecided) -> Text:
    ways = " or ".join(_needed(way) for way in one.minimal_sets)
    more = " or more ways" if one.capped else ""
    return Text.assemble((one.add_on, "bold"), f" + {one.partner}: {ways}{more}")


def blocked_line(one: Blocked) -> Text:
    """Return the measured values that exclude a strategy."""
    obstacles = "; ".join(
        f"{entry.marker} is {entry.measured}, required: {' or '.join(entry.needs)}"
        for entry in one.blocked_by
    )
    return Text.assemble((one.add_on, "bold"), f" + {one.partner}: {obstacles}")


def _next_tests(shown: Iterable[NextTest]) -> Table:
    tests = Table(box=None, padding=(0, 1), header_style="bold")
    tests.add_column("Marker")
    tests.add_column("Decisive state")
    tests.add_column("Would decide")
    for one in shown:
        tests.add_row(one.marker, " or ".join(one.needs), ", ".join(map(_in_words, one.would_decide)))
    return tests


def _footer(result: Result) -> Text:
    base, engine = result.rule_base, result.engine
    own = f"{said} " if (said := base.packs_in_words(12)) else ""
    stamp = (
        f"Rule base {base.version} ({base.sha256[:12]}, {base.rules} rules); engine {engine.name} "
        f"{engine.version}. {own}{HEADINGS.stability}: share of random weightings of the score that give "
        "this rank."
    )
    return Text.assemble((f" {result.label} ", _LABEL_STYLE), " not for treatment decisions. ", (stamp, DIM))


def _section(title: str, entries: Iterable[Text]) -> list[RenderableType]:
    listed = Entries(2, 0)
    empty = True
    for entry in entries:
        listed.add("", entry)
        empty = False
    return [] if empty else [_heading(title), listed]


def _heading(title: str) -> Text:
    return Text.assemble("\n", (title, _HEAD))


def _matched(matched: Iterable[Match]) -> Text:
    words: dict[str, None] = {}
    for one in matched:
        via = f", so {' and '.join(one.via)}" if one.via else ""
        words[f"{one.marker.replace('_', ' ')} {one.state}{via}"] = None
    return _safe("; ".join(words))


def _needed(way: Iterable[Missing]) -> str:
    return " and ".join(str(one).replace("_", " ") for one in way)


def _in_words(name: str) -> str:
    return name.replace("-", " ")


def _numbers(numbers: Iterable[int]) -> str:
    shown = ", ".join(str(number) for number in numbers)
    return f" [{shown}]" if shown else ""


def _safe(text: str) -> Text:
    return Text(printable(text))
