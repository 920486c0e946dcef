"""Narrow terminals, and what is said where people read: whole names, whole words, the right number."""

import io
import re
import sys
from pathlib import Path

import pytest
from support.commands import run
from support.generators import BASE

from recommender import InputError
from recommender.cli.output import tell
from recommender.cli.report import report
from recommender.intake.cases import names

CASES = names()
TOURS = ["uri-and-p53", "copper-under-radiation"]


class Terminal(io.StringIO):
    """A stream that says that it is a terminal, and has no size of its own."""

    def isatty(self) -> bool:
        return True


def lines(*words: str) -> list[str]:
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("width", [40, 60])
@pytest.mark.parametrize("case", CASES)
def test_no_row_of_an_answer_is_broken(case: str, width: int) -> None:
    found = lines("recommend", case, "--width", str(width))
    assert max(map(len, found)) <= width
    ranked = [line for line in found if re.match(r"[ \d]\d  \S", line)]
    assert all(re.search(r" \d+\.\d$", line) for line in ranked)
    assert not [line for line in found if line.strip() == "!"]


def test_a_case_takes_two_lines() -> None:
    found = lines("cases", "--width", "80")
    assert len(found) <= 2 * len(CASES) + 4
    assert all(any(line.startswith(f"{name}  ") for line in found) for name in CASES)


@pytest.mark.parametrize("width", ["80", "120"])
def test_the_names_of_rules_are_whole(width: str) -> None:
    first = {line.split()[0] for line in lines("rules", "list", "--width", width) if line.strip()}
    assert set(BASE.rules) <= first


@pytest.mark.parametrize("tour", TOURS)
def test_a_tour_cuts_no_name(tour: str) -> None:
    text = run("tour", tour, "--width", "80").stdout.decode()
    ranking = re.split(r"\n[45]/\d+  ", text)[1]
    assert "Ref" in ranking
    assert "…" not in ranking


def test_the_full_answer_has_no_pointers_and_says_a_thing_once() -> None:
    text = run("recommend", "nrf2-active-sorafenib", "--full", "--width", "80").stdout.decode()
    assert not re.search(r"\(/\w", text)
    assert text.count("different defences") == 1
    assert "Gain" not in text


@pytest.mark.usefixtures("few_rules")
def test_one_of_something_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "tumours.csv").write_text("id,disease,therapies,FASN\na,HCC,sorafenib,high\n")
    ranked, source = tmp_path / "ranked.parquet", tmp_path / "tumours.csv"
    told = run("cohort", source, "-o", ranked, "--top", "1").stderr.decode()
    assert "1 profile, 1 row (" in told
    text = run(
        "cohort", "summary", ranked, "--cohort", source, "--by", "FASN", "--width", "80"
    ).stdout.decode()
    assert not re.search(r"\b1 (tumours|rows|add-ons)\b", text)
    assert re.search(r" FASN +Share +Tumours +95% interval", text)


def test_messages_are_wrapped_between_words_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  /markers/FASN: the state 'hihg' is not known; the nearest allowed one is 'high'."
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setenv("COLUMNS", "50")
        monkeypatch.setattr(sys, "stderr", stream)
        tell(text)
        shown = stream.getvalue().splitlines()
        assert (max(map(len, shown)) < 50) == stream.isatty()
        assert " ".join(" ".join(shown).split()) == text.strip()


def test_a_page_is_not_printed_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(InputError, match=r"-o case\.html"):
        report("resection")


def test_a_report_says_what_it_wrote(tmp_path: Path) -> None:
    out = tmp_path / "case.html"
    assert run("report", "resection", "-o", out).stderr.decode() == f"Written: {out}\n"
    assert run("report", "resection").stderr == b""


def test_questions_to_a_pipe_name_the_options() -> None:
    done = run("profile", "new", stdin=b"")
    assert done.returncode == 2
    assert b"give the answers as options" in done.stderr
