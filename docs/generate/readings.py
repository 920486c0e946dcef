"""The review as printed against the shipped rules as one page of Markdown."""

from collections.abc import Iterator
from functools import cache

from recommender.curation.comparing.believing import BelievedFinding
from recommender.curation.comparing.compared import SidesCompared, compare_sides
from recommender.curation.comparing.sides import SHIPPED, open_side
from recommender.intake.cases import cases
from recommender.knowledge.packs import FOR_COMPARISON
from recommender.reports.tour_files import open_case, tour_names
from recommender.views.escaping import in_markdown
from recommender.views.rule_pages import WARNING
from recommender.views.sides import findings_table, in_first_place, summary

HEAD = """\
Made from `rules/` by `make docs`. Do not edit.

What would a tool recommend that had believed the review? The pack `review-as-printed` holds its
statements literally, in our own words: with the reversed direction, the drug that does not exist, the
wrong number of a paper. Its rules replace the shipped ones, and each names the finding of the audit that
corrects it. The vocabulary, the papers, the evidence scale, the ranking and the cautions are shared, and
so are the shipped rules that the review supports as they are.

- Evidence levels are those of the papers, and tumours are those that the review names.
- The status of an add-on is the printed one: a drug that is printed as one in clinical use ranks as a
  licensed one. Without a printed status it is not established.
- An add-on is selected by the findings on which its printed mechanism acts, as in the shipped rules.

Nothing is answered from this pack: `--rules`, `--with` and `RECOMMENDER_RULES` refuse it. Two commands
open it: `recommender rules compare shipped review-as-printed`, and `recommender tour the-review-believed`."""
ALONE = """\
A finding *changes a rank* if believing it alone does so in a teaching case: the shipped rules stay as
they are, but for those that hold what the paper reports, which are replaced by the statement as it is
printed. The 18 cases are few; a finding that changes none of them may matter for another tumour."""


def reading_page() -> str:
    """Return the page: the figures, case by case, and finding by finding."""
    return "\n".join(_lines(_compared()))


@cache
def _compared() -> SidesCompared:
    (name,) = FOR_COMPARISON
    asked = [(one.name, one.profile) for one in cases()]
    return compare_sides(open_side(SHIPPED), open_side(name), asked)


def _lines(found: SidesCompared) -> Iterator[str]:
    yield from ("# The review as printed", "", WARNING, "")
    for mark in found.marks:
        yield from (f"**{in_markdown(mark)}**", "")
    yield from (
        HEAD,
        "",
        "## How much it matters",
        "",
        summary(found),
        "",
        *findings_table(found),
        "",
        ALONE,
        "",
    )
    yield from ("## Case by case", "", "| Case | First by the papers | First by the review | Findings |")
    yield "|---|---|---|---|"
    for one in found.cases:
        first = " | ".join(in_markdown(in_first_place(side)) for side in (one.a, one.b))
        yield f"| {one.case} | {first} | {', '.join(found.reasons(one.case))} |"
    yield from ("", "Tours that have a step on it:", "", *_tours(), "", "## Finding by finding", "")
    yield from ("| Finding | The review | The paper | Believing it changes |", "|---|---|---|---|")
    yield from (_row(one, found) for one in found.believed)
    yield ""


def _tours() -> Iterator[str]:
    for case in map(open_case, tour_names()):
        if case.tour.as_printed:
            yield f"- `recommender tour {case.name}`: {in_markdown(case.tour.title)}"


def _row(one: BelievedFinding, found: SidesCompared) -> str:
    review, paper = (in_markdown(text) for text in found.a.base.audit[one.finding].in_short())
    changed = ", ".join(f"{case}{' (first)' if case in one.first else ''}" for case in one.ranks)
    words = {"rank": changed, "claim": "a claim", "wording": "the wording"}[one.changes]
    return f"| {one.finding}, {one.severity} | {review} | {paper} | {words} |"
