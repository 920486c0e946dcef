"""The knowledge base as a thing to read and to check."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from generate import made_pages
from support.commands import CASE, run
from support.places import ROOT

from recommender import LABEL, Recommender
from recommender._data import shipped
from recommender.curation.claims import coverage
from recommender.curation.examples import try_examples
from recommender.curation.linting import CHECKS, lint
from recommender.views.sarif import of_lint

pytestmark = pytest.mark.once


def value_of(*arguments: str | Path) -> Any:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(shipped("rules"), folder)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def test_every_rule_passes_its_examples_and_every_way_is_taken(recommender: Recommender) -> None:
    report = try_examples(recommender.base, recommender.engine)
    assert report.passed, (report.failures, report.untried)
    assert report.rules == len(recommender.base.rules)
    always = {rule.id for rule in recommender.base.cautions if rule.always}
    clauses = [one.rule for one in recommender.base.program.clauses]
    assert report.ways == report.ways_tried == len(always) + sum(name not in always for name in clauses)


def test_examples_that_do_not_hold_are_found(copy: Path) -> None:
    edit(copy, "strategies-tki.yaml", "markers: {GSTZ1: low}}", "markers: {GSTZ1: high}}")
    edit(copy, "strategies-tki.yaml", "markers: {GSTZ1: normal}}", "markers: {GSTZ1: low}}")
    recommender = Recommender(base=copy, engine="plain")
    report = try_examples(recommender.base, recommender.engine)
    assert [(one.rule, one.what) for one in report.failures] == [
        ("rsl3-in-gstz1-low", "should fire and does not"),
        ("rsl3-in-gstz1-low", "fires, though it is a near miss"),
    ]


def test_a_way_that_no_example_takes_is_found(copy: Path) -> None:
    edit(copy, "strategies-tki.yaml", "- GSTZ1: [low, deleted]", "- GSTZ1: [low, deleted, mutated]")
    recommender = Recommender(base=copy, engine="plain")
    report = try_examples(recommender.base, recommender.engine)
    assert not report.passed
    assert [one.partition(":")[0] for one in report.untried] == ["rsl3-in-gstz1-low"]


def test_every_claim_and_reference_has_a_fate(recommender: Recommender) -> None:
    found = coverage(recommender.base)
    assert found.total == 1
    assert len(found.references) == 104
    assert len(found.claims) >= 126
    assert {one.fate for one in found.claims} == {"rules", "disputed", "excluded"}


def test_a_claim_without_fate_is_found(copy: Path) -> None:
    edit(copy, "claims.yaml", "    excluded: A thesis", "    # A thesis")
    base = Recommender(base=copy, engine="plain").base
    assert coverage(base).total < 1
    assert [one.record for one in lint(base) if one.code == "RL009"] == [
        "ferroptosis-inhibition-lowers-therapy-response"
    ]


def test_the_shipped_rules_have_no_errors_or_warnings(recommender: Recommender) -> None:
    assert [one for one in lint(recommender.base) if one.level != "note"] == []


FAULTS = {
    "RL001": (
        "strategies-tki.yaml",
        "- fsp1-defence: active",
        "- iron-availability: raised\n      - TFRC: low",
    ),
    "RL002": ("mechanisms.yaml", "  - id: nrf2-active-by-p62\n", ""),
    "RL006": (
        "vocabulary/facts.yaml",
        "      restrained: ",
        "      silent: Nothing is heard.\n      restrained: ",
    ),
    "RL008": (
        "strategies-tki.yaml",
        "        - {therapies: [sorafenib], markers: {DUXAP8: high}}\n",
        "        - {therapies: [sorafenib], markers: {DUXAP8: high}}\n" * 2,
    ),
    "RL010": ("claims.yaml", "mt1g-high-resists-sorafenib, mt1g-inhibition]", "mt1g-high-resists-sorafenib]"),
    "RL012": ("strategies-tki.yaml", "      level: cells\n", "      level: title-only\n"),
    "RL013": ("strategies-tki.yaml", "    limits: Shown where GSTZ1", "    # Shown where GSTZ1"),
    "RL016": ("audit.yaml", "    no_card: The sentence of the review", "    # The sentence of the review"),
}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_fault_is_found_by_its_check(copy: Path, recommender: Recommender, code: str) -> None:
    if code == "RL001":
        edit(
            copy,
            "strategies-tki.yaml",
            "      - fsp1-defence: active",
            "      - AIFM2: high\n      - AIFM2: low",
        )
    elif code == "RL002":
        rule = (copy / "mechanisms.yaml").read_text().split("  - id: nrf2-active-by-p62")[1]
        again = "  - id: nrf2-active-by-p62-again" + rule.split("\n  - id:")[0] + "\n"
        (copy / "again.yaml").write_text("rules:\n" + again)
    else:
        edit(copy, *FAULTS[code])
    before = {one for one in lint(recommender.base) if one.code == code}
    after = {one for one in lint(Recommender(base=copy, engine="plain").base) if one.code == code}
    assert after - before


def test_reversed_signs_are_found(copy: Path) -> None:
    text = (copy / "context-tki.yaml").read_text()
    rule = "  - id: gstz1-low-resists-sorafenib" + text.split("  - id: gstz1-low-resists-sorafenib")[1]
    rule = rule.split("\n  - id:")[0].replace("resists", "sensitises").replace("[87]", "[86]")
    (copy / "reversed.yaml").write_text("rules:\n" + rule + "\n")
    found = [one for one in lint(Recommender(base=copy, engine="plain").base) if one.code == "RL003"]
    assert any("gstz1-low" in one.record + one.message for one in found)


def test_sarif_names_code_file_and_line(copy: Path) -> None:
    edit(copy, *FAULTS["RL013"])
    log = json.loads(of_lint(lint(Recommender(base=copy, engine="plain").base), CHECKS))
    (run_,) = log["runs"]
    assert {rule["id"] for rule in run_["tool"]["driver"]["rules"]} == {check.code for check in CHECKS}
    (result,) = [one for one in run_["results"] if one["ruleId"] == "RL013"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rules/strategies-tki.yaml"
    assert place["region"]["startLine"] > 1


def test_codes_and_names_of_checks_are_unique() -> None:
    assert len({check.code for check in CHECKS}) == len({check.name for check in CHECKS}) == len(CHECKS)


class TestCommands:
    def test_list(self) -> None:
        rows = value_of("rules", "list", "--format", "json")["rows"]
        assert {row["kind"] for row in rows if row["partner"]} == {"caution"}
        assert not any(row["therapy"] for row in rows if row["kind"] == "caution")
        assert len(rows) > 150
        few = value_of("rules", "list", "--kind", "strategy", "--therapy", "Nexavar", "--format", "json")[
            "rows"
        ]
        assert {row["kind"] for row in few} == {"strategy"}
        assert "orlistat-against-fasn" in {row["id"] for row in few}
        assert run("rules", "list", "--therapy", "nexavr").returncode == 2

    @pytest.mark.parametrize("output_format", ["table", "markdown", "json"])
    def test_show(self, output_format: str) -> None:
        done = run("rules", "show", "orlistat-against-fasn", "--format", output_format)
        text = done.stdout.decode()
        assert done.returncode == 0
        for word in (LABEL, "FASN", "F20", "10.1186/s13046-022-02567-z"):
            assert word in text

    def test_show_of_a_mistyped_rule(self) -> None:
        done = run("rules", "show", "orlistat-agianst-fasn")
        assert done.returncode == 2
        assert b"Did you mean orlistat-against-fasn" in done.stderr

    def test_lint_test_and_coverage_pass(self) -> None:
        for command in ("lint", "test", "coverage"):
            done = run("rules", command)
            assert done.returncode == 0, done.stdout.decode()
            assert LABEL in done.stdout.decode()
        assert value_of("rules", "coverage", "--format", "json")["total_percent"] == 100

    def test_lint_fails_with_3(self, tmp_path: Path) -> None:
        (tmp_path / "pack").mkdir()
        add_on = "add_ons:\n  - {id: x, name: x, type: drug, status: not-established}\n"
        (tmp_path / "pack" / "x.yaml").write_text(add_on)
        done = run("rules", "lint", "--rules", tmp_path / "pack")
        assert done.returncode == 3
        assert b"RL011" in done.stdout

    @pytest.mark.parametrize("output_format", ["mermaid", "dot", "json"])
    def test_graph(self, output_format: str) -> None:
        text = run("rules", "graph", "--format", output_format).stdout.decode()
        assert LABEL in text
        assert "orlistat" in text
        if output_format == "json":
            value = json.loads(text)
            ends = {one for edge in value["edges"] for one in (edge["start"], edge["end"])}
            assert ends <= value["nodes"].keys()

    def test_diff(self, copy: Path, tmp_path: Path) -> None:
        edit(copy, "ranking.yaml", "weight: 35", "weight: 5")
        edit(copy, "strategies-tki.yaml", "id: orlistat-against-fasn", "id: orlistat-renamed")
        edit(copy, "strategies-tki.yaml", "- GSTZ1: [low, deleted]", "- GSTZ1: low")
        case = tmp_path / "case.ndjson"
        case.write_text(json.dumps(CASE) + "\n\n" + json.dumps({**CASE, "therapies": []}) + "\n")
        value = value_of("rules", "diff", shipped("rules"), copy, "--cohort", case, "--format", "json")
        assert {(one["rule"], one["change"]) for one in value["rules"]} == {
            ("orlistat-against-fasn", "removed"),
            ("orlistat-renamed", "added"),
            ("rsl3-in-gstz1-low", "changed"),
        }
        assert value["compared"] == 2
        assert [one["profile"] for one in value["profiles"]] == ["case"]
        (changed,) = [one for one in value["rules"] if one["change"] == "changed"]
        assert changed["details"] == ["when: GSTZ1 low, deleted → GSTZ1 low"]
        edit(copy, "strategies-tki.yaml", "limits: >-", "limits: >-\n      Changed.")
        table = run("rules", "diff", shipped("rules"), copy).stdout.decode()
        assert "GSTZ1" in table
        assert "1 of them in wording only" in " ".join(table.split())

    @pytest.mark.parametrize("output_format", ["table", "markdown", "json"])
    def test_audit(self, output_format: str) -> None:
        text = run("audit", "--ref", "86", "--format", output_format).stdout.decode()
        assert LABEL in text
        assert "F13" in text
        assert "F12" not in text

    def test_the_whole_audit(self) -> None:
        findings = Recommender(engine="plain").base.audit
        assert len(value_of("audit", "--format", "json")["rows"]) == len(findings)
        assert run("audit", "--ref", "999").returncode == 2
        assert "No disagreement" in run("audit", "--ref", "9").stdout.decode()

    def test_refs_as_csl_json(self) -> None:
        items = value_of("refs", "--format", "csl-json")
        assert len(items) == 104
        assert all(item["id"] and item["title"] and item["author"] and item["issued"] for item in items)
        assert all(LABEL in item["note"] for item in items)

    def test_refs_as_bibtex_and_ris_can_be_read_back(self) -> None:
        import rispy
        from bibtexparser.entrypoint import parse_string

        library = parse_string(run("refs", "--format", "bibtex").stdout.decode())
        assert len(library.entries) == 104
        assert not library.failed_blocks
        entries = rispy.loads(run("refs", "--format", "ris").stdout.decode())
        assert len(entries) == 104
        assert entries[85]["doi"] == "10.1016/j.redox.2021.102122"

    def test_refs_of_a_result(self, tmp_path: Path) -> None:
        (tmp_path / "case.json").write_text(json.dumps(CASE))
        run("recommend", tmp_path / "case.json", "--format", "json", "-o", tmp_path / "result.json")
        items = value_of("refs", "--format", "csl-json", "--for", tmp_path / "result.json")
        assert "ref101" in {item["id"] for item in items}
        assert len(items) < 104
        assert run("refs", "--for", tmp_path / "case.json").returncode == 2


def test_the_generated_pages_are_fresh(recommender: Recommender) -> None:
    made = made_pages(recommender.base)
    for name, text in made.items():
        assert (ROOT / "docs" / name).read_text() == text, f"docs/{name} is stale: run make docs"
    for folder in ("rules", "lint", "schemas"):
        assert {path.name for path in (ROOT / "docs" / folder).iterdir()} == {
            Path(name).name for name in made if name.startswith(folder)
        }


def test_every_caution_is_listed_with_an_add_on(recommender: Recommender) -> None:
    page = made_pages(recommender.base)["rules/cautions-by-add-on.md"]
    rules = recommender.base.content.rules
    named = {recommender.base.add_ons[rule.add_on].name for rule in rules if rule.kind == "strategy"}
    assert {name for name in named if f"## {name}\n" not in page} == set()
    assert {rule.id for rule in rules if f"`{rule.id}`" in page} == {
        rule.id for rule in rules if rule.kind == "caution"
    }
