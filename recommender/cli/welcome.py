"""`recommender` without a command: what it is, and where to begin."""

from .._label import LABEL, PURPOSE

_FIRST = {
    "recommend CASE": "rank the add-ons for a tumour profile",
    "explain CASE 1": "show the proof for rank 1",
    "report CASE -o case.html": "write the whole answer as a page",
    "tour": "teach with a case, for a journal club",
    "profile new": "write a profile, question by question",
}
"""The commands to begin with, and what each does."""
_CASE = "nrf2-active-sorafenib"


def welcome() -> str:
    """Return the text for a terminal of 80 columns and 24 rows."""
    return "\n".join(
        (
            f" {LABEL} · {PURPOSE}",
            "",
            " Ferroptosis-inducing add-ons to a therapy of hepatocellular carcinoma, from",
            " rules in which every claim was checked against the paper behind it.",
            "",
            " Start with",
            *(f"   recommender {used:<26}{does}" for used, does in _FIRST.items()),
            "",
            f" Try it:        recommender recommend {_CASE}",
            " All cases:     recommender cases",
            " All commands:  recommender --help",
            " One command:   recommender COMMAND --help",
            "",
        )
    )
