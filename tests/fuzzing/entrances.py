"""What an entrance is, and what all that answer a profile share."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from recommender import LABEL, InputError, Profile, Recommender, RecommenderError
from recommender.options import Options
from recommender.reports.case_report import case_report
from recommender.views import render
from recommender.views.drawing import as_svg
from recommender.views.markdown import handout
from recommender.views.pages import report_page
from recommender.views.screen import Screen

from . import laws


@cache
def recommender() -> Recommender:
    """Return the recommender of this process, on the engine that is no C code."""
    return Recommender(engine="plain")


class Entrance:
    """One way into the program: how its inputs are made, and how one is tried.

    What `make` gives is bytes, or a value of bytes, texts and numbers, so that it can be kept in a file.
    `attempt` returns whether there was an answer, raises a RecommenderError where the input was refused,
    and Broken where a law does not hold.
    """

    name = ""
    refusal: type[RecommenderError] = InputError
    share = 1.0
    """Of the time that all entrances have."""

    def __init__(self, folder: Path) -> None:
        """Prepare to try inputs, with a folder to write them to."""
        self.folder = folder

    def close(self) -> None:
        """Let go of what was prepared."""

    def make(self, source: Random) -> Any:
        """Return an input."""
        raise NotImplementedError

    def attempt(self, given: Any) -> None:
        """Try an input."""
        raise NotImplementedError

    def outcome(self, given: Any) -> bool:
        """Return whether an input was answered; it was refused by an error that holds to the laws, if not."""
        try:
            self.attempt(given)
        except RecommenderError as told:
            laws.error(told, self.refusal)
            return False
        return True


def answered(profile: Profile, view: str, *, strict: bool = False) -> None:
    """Answer a profile and look at one view of the answer."""
    known = recommender()
    if view in ("html", "handout", "svg"):
        made = case_report(known, profile, Options(any_disease=True, strict=strict))
        match view:
            case "html":
                laws.html(report_page(made))
            case "svg":
                laws.svg(as_svg(made.map))
            case _:
                laws.markdown(handout(made))
        return
    result = known.recommend(profile, brief=view in ("nothing", "csv"), any_disease=True, strict=strict)
    if view == "nothing":
        laws.holds(result.label == LABEL, "the label is missing")
        return
    text = render(result, view, Screen(100))  # type: ignore[arg-type]
    check: dict[str, Callable[[str], Any]] = {
        "csv": laws.csv_rows,
        "markdown": laws.markdown,
        "table": laws.shown,
    }
    check.get(view, laws.labelled_json)(text)
