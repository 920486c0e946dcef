"""A short run of every entrance of `fuzzing`; the long one is `make fuzz`."""

import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fuzzing import laws, running
from fuzzing.entrances import Entrance

from recommender import InputError
from recommender._errors import Problem

pytestmark = pytest.mark.once

INPUTS = {
    "cli": 60,
    "cohort": 40,
    "cbioportal": 120,
    "tours": 120,
    "packs": 150,
    "caches": 150,
    "resumed": 40,
}
"""Of the entrances that take longer than others; of the others there are 400."""


@pytest.mark.parametrize("name", running.ENTRANCES)
def test_no_input_breaks_a_law(name: str, tmp_path: Path) -> None:
    seed = 1 if os.environ.get("CI") else Random().randrange(10**12)
    tally = running.run(name, seed, tmp_path, seconds=0, inputs=INPUTS.get(name, 400))
    assert not tally.findings, "\n".join(tally.findings)
    assert tally.refused > 0, "hostile inputs were made"
    assert tally.answers > 0 or name == "rules", "good inputs were made"


class Sick(Entrance):
    """An entrance with a fault."""

    name = "sick"

    def make(self, source: Random) -> Any:
        return source.randrange(100)

    def attempt(self, given: Any) -> None:
        if given % 2:
            raise InputError([Problem("", "it is odd.")])
        if given > 90:
            raise KeyError(given)


def test_what_is_found_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.ENTRANCES, "sick", Sick)
    tally = running.run("sick", 1, tmp_path, seconds=0, inputs=300)
    assert tally.inputs == 300 == tally.answers + tally.refused
    (finding,) = tally.findings
    assert "KeyError" in finding
    seed = int(re.search(r"make fuzz ENTRANCE=sick SEED=(\d+) INPUTS=1", finding)[1])  # type: ignore[index]
    assert running.run("sick", seed, tmp_path, seconds=0, inputs=1).findings
    assert {file.name for file in tmp_path.iterdir()} == {f"sick-{seed}.pickle", f"sick-{seed}.txt"}
    assert "sick" in running.table([tally])


@pytest.mark.parametrize("name", running.ENTRANCES)
def test_an_input_comes_from_its_seed_alone(name: str, tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        entrance = running.ENTRANCES[name](folder)
        made.append([running.made(name, seed, entrance) for seed in range(5)])
        entrance.close()
    assert repr(made[0]) == repr(made[1])


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (laws.plain, "a\x1b[2J"),
        (laws.plain, "a\u202eb"),
        (laws.shown, "no label"),
        (laws.csv_rows, "id,label\n=1,PRECLINICAL EVIDENCE\n"),
        (laws.csv_rows, "id,label\nx,\n"),
        (laws.markdown, "PRECLINICAL EVIDENCE not for treatment decisions <script>"),
        (laws.html, "PRECLINICAL EVIDENCE not for treatment decisions <img src=x>"),
        (laws.html, "PRECLINICAL EVIDENCE not for treatment decisions <a href=' javascript:x'>"),
        (laws.svg, "<svg><script/></svg>"),
        (laws.svg, "<svg onload=''/>"),
    ],
)
def test_laws_see_what_they_are_for(law: Any, text: str) -> None:
    with pytest.raises((laws.Broken, SyntaxError)):
        law(text)
