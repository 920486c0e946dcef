"""The rules against drug screens: what is found, what is not, and that a reader can compute it again."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.commands import run
from support.screens import write_screens

from recommender import Recommender
from recommender.curation.corroboration import statistics
from recommender.curation.corroboration.comparing import ScreenComparison, compare_screens, screening_of
from recommender.curation.corroboration.statistics import smallest_effect
from recommender.curation.corroboration.tables import read_screens
from recommender.curation.linting import lint

pytestmark = pytest.mark.once

GENES = (
    "AIFM2",
    "SLC7A11",
    "FASN",
    "MT1G",
    "DUSP4",
    "NQO1",
    "SQSTM1",
    "HMOX1",
    "QSOX1",
    "SCD",
    "TFRC",
    "YAP1",
    "FGFR4",
)


@pytest.fixture(scope="module", autouse=True)
def few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "RESAMPLES", 50)
        yield


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return Recommender(engine="plain")


def compared(folder: Path, recommender: Recommender) -> ScreenComparison:
    return compare_screens(recommender.base, read_screens(folder, screening_of(recommender.base)))


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, recommender: Recommender
) -> tuple[Path, ScreenComparison]:
    effects = {("MT1G", "Sorafenib"): 1.0, ("DUSP4", "Sorafenib"): -1.0, ("AIFM2", "ML162"): 1.0}
    folder = write_screens(tmp_path_factory.mktemp("screens"), GENES, seed=3, effects=effects)
    return folder, compared(folder, recommender)


def test_an_effect_is_in_line_or_contrary_by_its_direction(found: tuple[Path, ScreenComparison]) -> None:
    verdicts = {one.rule: one for one in found[1].rules}
    assert verdicts["mt1g-inhibition"].verdict == "in-line"
    assert verdicts["mt1g-high-resists-sorafenib"].verdict == "in-line"
    assert verdicts["dusp4-suppression"].verdict == "contrary"
    assert verdicts["fasn-high-resists-sorafenib"].verdict == "no-signal"
    best = verdicts["mt1g-inhibition"].chief
    assert best
    assert best.stronger == 0
    assert best.drugs == 8


def test_an_inducer_does_not_decide_where_the_therapy_was_screened(
    found: tuple[Path, ScreenComparison],
) -> None:
    verdict = next(one for one in found[1].rules if one.rule == "fsp1-suppression")
    assert verdict.verdict == "no-signal"
    assert [one.verdict for one in verdict.figures if one.drug == "ML162"] == ["in-line"]


def test_every_strategy_and_context_has_a_verdict_or_a_reason(
    found: tuple[Path, ScreenComparison], recommender: Recommender
) -> None:
    rules = {rule.id for rule in recommender.base.content.rules if rule.kind in ("strategy", "context")}
    assert {one.rule for one in found[1].rules} == rules
    assert all((one.verdict == "not-testable") == (one.reason is not None) for one in found[1].rules)


def test_a_figure_can_be_computed_again_with_pandas(found: tuple[Path, ScreenComparison]) -> None:
    folder, comparison = found
    figure = next(one for one in comparison.rules if one.rule == "mt1g-inhibition").figures[0]
    read = {
        name: pd.read_csv(folder / f"{name}.tsv", sep="\t", index_col="line")
        for name in ("auc", "expression", "lines")
    }
    auc, gene = read["auc"][figure.drug], read["expression"][figure.marker]
    general = read["auc"].drop(columns=figure.drug).rank(pct=True).mean(axis=1).rank()
    tissue = pd.get_dummies(read["lines"]["tissue"], dtype=float)
    design = np.column_stack([tissue, general])
    ranks = pd.DataFrame({"gene": gene.rank(), "auc": auc.rank()})
    left = ranks - design @ np.linalg.lstsq(design, ranks.to_numpy(), rcond=None)[0]
    assert figure.rho == pytest.approx(gene.corr(auc, method="spearman"), abs=6e-4)
    assert figure.adjusted == pytest.approx(left["gene"].corr(left["auc"]), abs=6e-4)


def test_shuffled_labels_give_no_verdict(tmp_path: Path, recommender: Recommender) -> None:
    verdicts = [
        one.verdict
        for seed in range(4)
        for one in compared(write_screens(tmp_path / str(seed), GENES, seed=seed), recommender).rules
        if one.verdict != "not-testable"
    ]
    assert len(verdicts) > 40
    assert sum(one not in ("no-signal", "too-few") for one in verdicts) <= 0.05 * len(verdicts)


def test_few_lines_are_too_few(tmp_path: Path, recommender: Recommender) -> None:
    folder = write_screens(tmp_path, GENES, seed=1, n=20, effects={("MT1G", "Sorafenib"): 1.0})
    verdicts = {one.verdict for one in compared(folder, recommender).rules}
    assert verdicts == {"too-few", "not-testable"}


def test_more_lines_show_smaller_effects() -> None:
    effects = [smallest_effect(n) for n in (10, 17, 50, 192, 600)]
    assert effects == sorted(effects, reverse=True)


def test_the_shipped_verdicts_hold_statistics_and_no_table(recommender: Recommender) -> None:
    content = recommender.base.content
    assert len(content.screen_tables) == 5
    assert len(recommender.base.corroboration) > 100
    assert all(one.n >= 8 for rule in content.corroboration for one in rule.figures)


def test_the_commands_show_verdicts(tmp_path: Path) -> None:
    assert b"no signal" in run("corroborate").stdout
    shown = run("corroborate", "--show", "fsp1-suppression").stdout.decode()
    assert "AIFM2, ML162" in shown
    narrow = run("corroborate", "--show", "fsp1-suppression", "--width", "80").stdout.decode().splitlines()
    assert max(map(len, narrow)) <= 80
    rows = [line for line in narrow if line.startswith(("GDSC", "CTRP"))]
    assert rows
    assert all(line.rstrip().endswith(("in line", "contrary", "no signal", "too few")) for line in rows)
    assert "o" in shown
    value = json.loads(run("corroborate", "--show", "fsp1-suppression", "--format", "json").stdout)
    assert value["verdict"] == "no-signal"
    folder = write_screens(tmp_path, GENES[:3], seed=1, n=40)
    made = run("corroborate", "--data", folder, "--format", "yaml").stdout.decode()
    assert made.startswith("#")
    assert "sha256" in made


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    answer = run("corroborate", "--data", tmp_path)
    assert answer.returncode == 2
    assert b"expression" in answer.stderr
    assert run("corroborate", "--show", "no-such-rule").returncode == 2


def test_the_page_of_a_rule_names_its_verdict() -> None:
    assert b"Drug screens" in run("rules", "show", "fsp1-suppression").stdout
    value = json.loads(run("rules", "show", "fsp1-suppression", "--format", "json").stdout)
    assert value["corroboration"]["verdict"] == "no-signal"


def test_a_verdict_without_its_rule_and_a_rule_without_verdict_are_found(recommender: Recommender) -> None:
    base = recommender.base
    first, *others = base.content.corroboration
    stray = first.model_copy(update={"rule": "no-such-rule"})
    content = base.content.model_copy(update={"corroboration": (stray, *others)})
    changed = type(base)(content, sha256=base.sha256, origins=base.origins)
    assert {one.record for one in lint(changed) if one.code == "RL018"} == {first.rule, "no-such-rule"}
