"""The sentences of a cohort's summary, each made from its figures: titles state what was found."""

from .._text import capital, counted
from .cohort_figures import NOTHING, CohortFigures, Split, StateShare
from .shares import Share
from .told import Told

NOTHING_WORDS = {
    "no-therapy": "no therapy given",
    "outside-scope": "another disease",
    "no-strategy": "no add-on applies",
}
"""Why nothing is ranked."""
GROUP_WORDS = {
    "selected": "at least one add-on selected",
    "unselected": "add-ons ranked, none selected",
    "held-back": "every add-on held back",
    "ranked": "at least one add-on ranked",
    NOTHING: "nothing ranked",
}
GROUP_NAMES = {
    "selected": "selected",
    "ranked": "ranked",
    "unselected": "not selected",
    "held-back": "held back",
}
AXIS_WORDS = {
    "sequence": "mutation",
    "copy-number": "copy number",
    "level": "level",
    "test": "test",
    "presence": "presence",
}
DERIVED = "†"
"""The mark of what differs between subgroups by definition."""
_RANKS = "Shares describe these tumours. Ranks order hypotheses within a group, and predict no benefit."
_UNKNOWN = (
    "A marker that was not measured is unknown, never normal: few measurements leave few add-ons selected."
)
_EXPECTED = "Pathway states are expected from markers; no activity of a pathway was measured."
_TRIED = (
    "Measurements: every marker that a tumour lacks was given each result that its assay can report, one "
    "marker at a time. How frequent each result is in such tumours is not known here."
)
_RANKED_ALONE = (
    "The ranked table alone lacks the tumours without any rank, the pathway states, what measurements could "
    "change, and subgroups: these are computed from the cohort itself."
)
_MAX_NAMED = 3
"""Names in a title; of more their number is given."""


def cohort_headline(found: CohortFigures) -> Told:
    """Return what the whole cohort shows."""
    verb = "ranked" if found.best == "ranked" else "selected by their own findings"
    if not found.selected.part:
        title = f"No tumour has an add-on {verb}"
    else:
        title = f"{percent(found.selected)} of tumours have an add-on {verb}"
    if not found.whole:
        counts = counted(found.tumours, "tumour")
        return Told(title, f"{counts} in which anything is ranked; the others were not counted.")
    low, high = (f"{bound:.0%}" for bound in found.selected[2:])
    measure = f"{counted(found.tumours, 'tumour')}; 95% interval {low} to {high} (Wilson)."
    if found.unusable:
        unusable = counted(found.unusable, "row that cannot be used is", "rows that cannot be used are")
        measure += f" {unusable} not counted."
    return Told(title, measure)


def add_ons_told(found: CohortFigures) -> Told:
    """Return which add-on is selected most often."""
    counts = {one.add_on: one.groups.get(found.best, 0) for one in found.add_ons}
    measure = "Tumours by add-on, each counted in its best group"
    most = max(counts.values(), default=0)
    if not most:
        return Told("No add-on is selected in any tumour", measure)
    names = [name for name, count in counts.items() if count == most]
    title = f"{capital(_names(names, 'add-ons'))} {'is' if len(names) == 1 else 'are'} {found.best}"
    return Told(f"{title} in {most:,} of {counted(found.tumours, 'tumour')}{_each(names)}", measure)


def states_told(found: CohortFigures) -> Told:
    """Return which state of the pathway is most frequent."""
    measure = "Share of tumours in each pathway state, with 95% intervals (Wilson)"
    note = (
        "Expected from measured markers; an unmeasured marker implies nothing, so true shares may be higher."
    )
    if not found.states:
        return Told("What was measured implies no pathway state in any tumour", measure, note)
    most = found.states[0].share
    names = [one.name for one in found.states if one.share.part == most.part]
    verb = "is" if len(names) == 1 else "are"
    title = f"{capital(_names(names, 'pathway states'))} {verb} expected in {percent(most)} of tumours"
    return Told(f"{title}{_each(names)}", measure, note)


def split_told(one: Split, rows: tuple[StateShare, ...], what: str) -> Told:
    """Return where two subgroups differ most, if their intervals are apart."""
    measure = f"Share of tumours with each {what}, by {one.marker}, with 95% intervals (Wilson)"
    hidden = counted(one.unknown, "tumour, which is", "tumours, which are")
    note = f"{one.marker} unknown in {hidden} not shown."
    if len(one.sizes) > 1:
        note += " With many comparisons some differ by chance."
    widest = 0.0
    title = f"No {what} differs by {one.marker} beyond the 95% intervals"
    if any(row.derived for row in rows):
        title = f"Apart from what is derived from {one.marker} ({DERIVED}), no {what} differs by it"
    if len(one.sizes) < 2:
        title = (
            f"All tumours with known {one.marker} are {one.sizes[0][0]}"
            if one.sizes
            else (f"{one.marker} was measured in no tumour")
        )
    if any(row.derived for row in rows):
        note += f" {DERIVED} Rules derive these from {one.marker} itself, so they are not compared."
    for row in (row for row in rows if not row.derived):
        for at, first in enumerate(row.by):
            for where, other in enumerate(row.by):
                if first.apart(other) and first.value - other.value > widest:
                    widest = first.value - other.value
                    title = (
                        f"{capital(row.name)}: {percent(first)} of {one.marker} {one.sizes[at][0]} tumours, "
                        f"{percent(other)} of {one.marker} {one.sizes[where][0]}"
                    )
    return Told(title, measure, note)


def together_told(found: CohortFigures) -> Told:
    """Return how often add-ons are selected together."""
    measure = f"Combinations of {found.best} add-ons; inseparable ones count as one"
    note = "No study gave these add-ons together; co-occurrence does not imply synergy."
    if found.other_intersections:
        others = counted(found.other_intersections, "tumour has", "tumours have")
        note = f"{others} combinations that are not shown. {note}"
    if not found.sets:
        return Told("No add-on is selected, so nothing occurs together", measure)
    if len(found.sets) == 1:
        (only,) = found.sets
        names = _names(list(only.add_ons), "add-ons")
        together = "selected together" if len(only.add_ons) > 1 else "the only add-on selected"
        verb = "are always" if len(only.add_ons) > 1 else "is"
        return Told(
            f"{capital(names)} {verb} {together}, in {counted(only.tumours, 'tumour')}", measure, note
        )
    several = found.selected.part - found.one_set
    count, many = (several, "several") if several > found.one_set else (found.one_set, "exactly one")
    have = counted(found.selected.part, "tumour has", "tumours have")
    title = f"{count:,} of {have} {many} of {found.set_count} add-ons {found.best}"
    return Told(title, measure, note)


def measurements_told(found: CohortFigures) -> Told:
    """Return which single measurement could change most."""
    measure = f"Tumours in which a result could change the first rank, of {found.tried:,}"
    note = "One measurement at a time; what takes two new findings at once is not counted."
    if found.whole and found.tried:
        ranked = found.tumours - sum(found.nothing.get(why, 0) for why in ("no-therapy", "outside-scope"))
        if found.tried < ranked:
            note = f"Estimated from {found.tried:,} of {ranked:,} tumours. {note}"
    most = max((one.first for one in found.measurements), default=0)
    if not most:
        return Told("No single measurement could change what ranks first", measure, note)
    names = [label_of(one.marker, one.axis) for one in found.measurements if one.first == most]
    title = f"If one measurement can be added, {_names(names, 'of them', 'or')} decides most"
    if len(names) > _MAX_NAMED:
        more = "+" if found.more_measurements and len(names) == len(found.measurements) else ""
        title = (
            f"{len(names)}{more} measurements could each change the first rank in {counted(most, 'tumour')}"
        )
    return Told(title, measure, note)


def row_name(row: StateShare) -> str:
    """Return the name of a row, with a mark where subgroups differ by definition."""
    return f"{row.name} {DERIVED}" if row.derived else row.name


def label_of(marker: str, axis: str) -> str:
    """Return a marker with what of it is measured."""
    return f"{marker} {AXIS_WORDS[axis]}"


def percent(share: Share) -> str:
    """Return a share in whole per cent, "<1%" where it is not nothing."""
    return "<1%" if 0 < share.value < 0.005 else f"{share.value:.0%}"


def limits_of(found: CohortFigures) -> list[str]:
    """Return how the numbers are to be read, and what they cannot show."""
    texts = (_RANKS, _UNKNOWN)
    return [*texts, _EXPECTED, _TRIED] if found.whole else [*texts, _RANKED_ALONE]


def _names(names: list[str], many: str, word: str = "and") -> str:
    if len(names) > _MAX_NAMED:
        return f"{len(names)} {many}"
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def _each(names: list[str]) -> str:
    return " each" if len(names) > 1 else ""
