"""Every command line in README and docs works, and every command is in the help and the README."""

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from support.commands import run
from support.packs import pack_with
from support.places import ROOT, program, pyproject

from recommender import Profile, Recommender
from recommender._version import VERSION
from recommender.knowledge.rule_models import StrategyRule

pytestmark = pytest.mark.once

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "THIRD_PARTY_NOTICES.md")),
    ROOT / "tests/data/archive/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/workflows").glob("*.md")),
]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def command_lines() -> list[tuple[str, str, str]]:
    """Every command line with its page and the output that the page shows, which may be none."""
    found = []
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text()):
            for part in block.split("$ ")[1:] if block.startswith("$ ") else []:
                line, _, output = part.partition("\n")
                found.append((page.name, line, output))
    return found


def shown(output: str, expected: str) -> bool:
    """Whether an output is what a page shows; a line of three dots stands for any lines."""
    pieces = [re.escape(piece.strip("\n")) for piece in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    return re.fullmatch(r"\s*" + r"[\s\S]*".join(pieces) + r"\s*", output) is not None


@pytest.mark.parametrize(("page", "line", "output"), command_lines())
def test_a_command_line_of_the_docs_works(
    page: str, line: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from the root of the repository, output files going elsewhere, and show what the page shows."""
    if "recommender cohort" in line:
        pytest.importorskip("duckdb")
    commands = line.split(" && ")
    monkeypatch.chdir(ROOT if len(commands) == 1 else tmp_path)
    if re.search(r"[|<>]", line) or len(commands) > 1:
        for name in ("docs", "profiles"):
            (tmp_path / name).symlink_to(ROOT / name)
    expected = 0
    if re.search(r"[|<>]", line):
        command = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{command}:{os.environ['PATH']}", "COLUMNS": "100"}
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            capture_output=True,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
    elif len(commands) > 1:
        *before, done = [run(*ours(shlex.split(one))) for one in commands]
        assert [one.returncode for one in before] == [0] * len(before), before
        done.stdout = b"".join(one.stdout for one in (*before, done))
    else:
        words = shlex.split(line)
        if "-o" in words:
            words[words.index("-o") + 1] = str(tmp_path / "out")
        done = run(*ours(words))
        expected = 2 if "0 errors" not in output and " errors\n" in output else 0
    assert done.returncode == expected, done.stderr.decode()
    if output.strip():
        assert shown(done.stdout.decode(), output), done.stdout.decode()


def ours(words: list[str]) -> list[str]:
    """The arguments of a command, which is ours."""
    assert words[0] == "recommender"
    return words[1:]


_MISSPELT = """\
rules:
  - id: my-rule
    kind: strategy
    title: A rule with two misspelt words
    since: "1"
    therapy: [sorafenb]
    when:
      - TP53: normal-type
      - xCT: high
    add_on: orlistatt
    effect: sensitizes
    ferroptosis: shown
    mechanism: Made up for the documentation.
    evidence:
      references: [999]
      level: xenografts
      models: [cells]
      tumour_types: [hcc]
      basis: abstract
    limit: Made up for the documentation.
    examples: {fires: [{therapies: [sorafenib]}], near_misses: [{therapies: [lenvatinib]}]}
"""
_TAKEN = """\
rules:
  - id: orlistat-against-fasn
    kind: mechanism
    title: A rule whose id is taken
    since: "1"
    when: [{FASN: high}]
    concludes: {cystine-glutathione-supply: raised}
    mechanism: Made up for the documentation.
    evidence: {references: [101], level: cells, models: [cells], tumour_types: [hcc], basis: abstract}
    limits: Made up for the documentation.
    examples: {fires: [{markers: {FASN: high}}], near_misses: [{markers: {FASN: low}}]}
references:
  - number: 101
    type: article-journal
    title: A work whose number is taken
    authors: [Example A]
    journal: Made-up Journal
    year: 2026
    no_doi: Made up for the documentation.
"""
_CLAIMED = """\
ambiguous_aliases:
  - alias: PD-L1
    reading: FASN
    candidates: [CD274, FASN]
    why: A reading that nothing in an answer would show.
"""
FAULTY = [
    ("curating.md", 0, _MISSPELT),
    ("curating.md", 1, _MISSPELT.replace("sensitizes", "sensitises").replace("limit:", "limits:")),
    ("packs.md", 0, _TAKEN),
    ("packs.md", 1, _CLAIMED),
]
"""A page, which of its packs with an error, and what stands in the pack."""


@pytest.mark.parametrize(("page", "which", "pack"), FAULTY)
def test_an_error_is_told_as_the_docs_show_it(page: str, which: int, pack: str, tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```text\n\$ (recommender .*?my-pack)\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL
    )
    command, expected = blocks[which]
    folder = pack_with(tmp_path / "my-pack", pack, "rules.yaml")
    words = command.replace("docs/", f"{ROOT}/docs/").replace("my-pack", str(folder))
    done = run(*shlex.split(words)[1:])
    assert done.returncode == 3
    # A line of a shipped file moves with every edit of it, and is N on the page.
    assert re.sub(r"(see [\w/-]+\.yaml):\d+", r"\1:N", done.stderr.decode()) == expected


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text()


def test_no_command_is_shown_that_is_not_run() -> None:
    """Beside console blocks only the errors above, and the server, which test_serve starts."""
    for page in PAGES:
        if page.name in ("cli.md", "serve.md"):
            continue
        found = re.findall(r"^```(?:text|sh)\n((?:\$ )?recommender .*)", page.read_text(), re.MULTILINE)
        assert len(found) == sum(name == page.name for name, _, _ in FAULTY), page.name


def test_what_the_server_is_asked_in_the_docs_is_answered(tmp_path: Path) -> None:
    """Every line with curl, against a server of our own."""
    pytest.importorskip("fastapi")
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    from support.servers import serving

    asked = re.findall(r"^curl (?:.*\\\n)*.*$", text_of("serve.md"), re.MULTILINE)
    assert len(asked) >= 4
    with serving() as server:
        for line in asked:
            done = subprocess.run(
                [
                    "bash",
                    "-c",
                    line.replace("8765", str(server.port)).replace("curl", "curl --noproxy '*'", 1),
                ],
                capture_output=True,
                check=True,
                cwd=ROOT,
            )
            assert json.loads(done.stdout)["label"] == "PRECLINICAL EVIDENCE"


SNIPPETS = {page: found for page in PAGES if (found := PYTHON.findall(page.read_text()))}


@pytest.mark.parametrize("page", SNIPPETS, ids=shown_name)
def test_python_in_the_docs_says_what_it_shows(page: Path) -> None:
    """A page is one session: a block has the names of those above it."""
    assert SNIPPETS[page]
    names: dict[str, object] = {}
    for number, block in enumerate(SNIPPETS[page], 1):
        test = doctest.DocTestParser().get_doctest(block, {}, f"{page.name}, block {number}", str(page), 0)
        test.globs = names
        done = doctest.DocTestRunner().run(test, clear_globs=False)
        assert done.attempted
        assert done.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=shown_name)
def test_what_the_docs_tell_to_make_can_be_made(page: Path) -> None:
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    text = page.read_text()
    assert {
        *re.findall(r"^make ([a-z-]+)", text, re.MULTILINE),
        *re.findall(r"`make ([a-z-]+)`", text),
    } <= goals


def test_the_index_names_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)", (ROOT / "docs/README.md").read_text()))
    names = {page.name for page in PAGES if page.parent.name == "docs"} - {"README.md"}
    assert len(names) > 10
    assert not names - linked, "docs/README.md has no link to them"


def test_the_readme_counts_right(recommender: Recommender) -> None:
    base = recommender.base
    text = (ROOT / "README.md").read_text().replace("\n", " ")
    assert f"the {len(base.references)} papers that it cites" in text
    assert f"in {len(base.audit)} places" in text
    makefile = (ROOT / "Makefile").read_text()
    for measured in re.findall(r"half a minute, \d+ MB|about [\d.]+ (?:minutes on two cores|GB)", text):
        assert measured in makefile, measured


def test_the_readme_lists_every_extra() -> None:
    extras = set(pyproject()["project"]["optional-dependencies"])
    text = (ROOT / "README.md").read_text().partition("## Extras")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == extras
    makefile = re.search(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert makefile
    assert set(makefile[1].split(",")) == extras


def test_every_command_is_in_the_page_on_commands() -> None:
    """Or its group, whose help leads on."""
    text = text_of("commands.md")
    names = re.findall(r"^## recommender ([a-z -]+)$", text_of("cli.md"), re.MULTILINE)
    assert len(names) > 20
    assert not [name for name in names if not re.search(rf"recommender {name}\b", text)]


def test_the_model_card_counts_right(recommender: Recommender) -> None:
    """Every number of it, by counting again."""
    base = recommender.base
    rules = [rule for rule in base.content.rules if isinstance(rule, StrategyRule)]
    levels = Counter(rule.evidence.level for rule in rules)
    status = Counter(base.add_ons[rule.add_on].status for rule in rules)
    partners = Counter(therapy for rule in rules for therapy in rule.therapy)
    liver = {"hcc", "liver-cancer-unspecified"}
    expected = [
        f"version {VERSION};",
        f"version {base.info.version}, with {len(base.rules)} rules",
        f"Of the {len(rules)} strategies",
        f"immunocompetent or knock-out mice | {levels['immunocompetent-or-knockout-mouse']} |",
        f"xenografts or another animal | {levels['xenograft']} |",
        f"in cells only | {levels['cells']} |",
        f"according to the title only | {levels['title-only']} |",
        f"samples of patients | {levels['patient-samples']} |",
        f"by the review only | {sum(rule.ferroptosis != 'shown' for rule in rules)} |",
        f"one paper only | {sum(len(rule.evidence.references) == 1 for rule in rules)} |",
        f"than liver cancer only | {sum(not liver & set(rule.evidence.tumour_types) for rule in rules)} |",
        f"Of their {len(base.add_ons)} add-ons, {status['approved-for-other-use']} are approved",
        f"{status['genetic-only']} are targets without",
        f"and for {status['not-established']} the status\ncould not be established",
        f"{partners['sorafenib']} of the strategies are for sorafenib",
        f"{partners['anti-pd-1-pd-l1']} for antibodies against PD-1",
    ]
    text = (ROOT / "docs/model-card.md").read_text()
    for phrase in expected:
        assert phrase in text
    kinds = Counter(rule.kind for rule in base.content.rules)
    severity = Counter(finding.severity for finding in base.audit.values())
    text = (ROOT / "docs/knowledge.md").read_text().replace("\n", " ")
    for phrase in (
        f"{len(base.rules)} rules: {kinds['strategy']} strategies, {kinds['mechanism']} mechanisms",
        f"{kinds['context']} context rules, {kinds['disputed']} disputed ones",
        f"and {kinds['caution']} cautions",
        f"Of the {len(base.audit)} findings {severity['critical']} are critical",
        f"{severity['major']} are major, {severity['moderate']} moderate and {severity['minor']} minor",
    ):
        assert phrase in text


def test_the_tables_of_points_are_those_of_the_rules(recommender: Recommender) -> None:
    """In docs/ranking.md and docs/evidence.md, row by row in the order of the rule files."""
    base = recommender.base
    dimensions = base.ranking.dimensions
    steps = {
        name: [step.points for key, step in one.steps.items() if key != "none"]
        for name, one in dimensions.items()
    }
    levels = [level.points for level in base.levels.values()]
    expected = {
        ("ranking.md", "**Marker match**"): steps["marker_match"],
        ("ranking.md", "**Partner match**"): steps["partner_match"],
        ("ranking.md", "**Evidence**"): levels,
        ("ranking.md", "**Actionability**"): steps["actionability"],
        ("ranking.md", "**Penalty.**"): steps["penalty"],
        ("evidence.md", "## The scale"): levels,
        ("evidence.md", "## The status of an add-on"): steps["actionability"],
    }
    for (page, heading), points in expected.items():
        table = text_of(page).partition(f"\n{heading}")[2].partition("\n|")[2].partition("\n\n")[0]
        column = [cell.strip() for cell in table.splitlines()[0].split("|")].index("Points")
        rows = [line.split("|")[1:] for line in table.splitlines()[2:]]
        assert [int(row[column]) for row in rows] == points, (page, heading)
    weights = re.findall(r"^\| [a-z ]+ \| (\d+) \| [A-Z].*\? ?.* \|$", text_of("ranking.md"), re.MULTILINE)
    assert [int(weight) for weight in weights] == [one.weight for one in dimensions.values()]


def test_the_worked_examples_of_the_ranking_are_computed_here(recommender: Recommender) -> None:
    """Points, weights, products and sums of docs/ranking.md, against the answer to its case."""
    text = (ROOT / "docs/ranking.md").read_text()
    result = recommender.recommend(Profile.read((ROOT / "profiles/nrf2-active-sorafenib.json").read_bytes()))
    scored = {one.add_on.name: one for one in result.recommendations}
    weights: dict[str, int] = {name: one.weight for name, one in recommender.base.ranking.dimensions.items()}
    for name in ("orlistat", "camptothecin"):
        table = text.partition(f"{name.capitalize()} by hand:")[2].partition("**score**")[0]
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
        cells = {row[0].replace(" ", "_"): row[2:] for row in rows if len(row) == 5 and row[0] in _DIMENSIONS}
        assert len(cells) == 5
        for dimension, (points, weight, product) in cells.items():
            assert int(points) == getattr(scored[name].score_parts, dimension)
            assert int(weight) == weights[dimension]
            assert float(product) == int(points) * int(weight) / 100
        total = sum(float(product) for _, _, product in cells.values())
        assert total == scored[name].score
        assert f"| **{total:g}** |" in text


def anchors(page: Path) -> set[str]:
    """The addresses of the headings of a page, as code hosts make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


_DIMENSIONS = ("marker match", "partner match", "evidence", "actionability", "penalty")


@pytest.mark.parametrize("page", PAGES, ids=shown_name)
def test_every_page_carries_the_label_and_its_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    assert "PRECLINICAL EVIDENCE" in text
    assert "not for treatment decisions" in text
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text):
        led_to = page.parent / target if target else page
        assert led_to.suffix != ".md" or heading in anchors(led_to), f"{target}#{heading}"


def test_the_drawings_of_the_readme_are_up_to_date() -> None:
    pictures = program("docs/pictures/make.py")
    made = pictures.drawings()
    shown = set(re.findall(r"docs/pictures/([\w-]+\.svg)", (ROOT / "README.md").read_text()))
    assert set(made) == shown | {"map.svg"}
    assert len(shown) == 4
    for name, svg in made.items():
        assert (pictures.HERE / name).read_text() == svg, f"{name} is stale: run make pictures"
