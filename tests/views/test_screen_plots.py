"""Drawings of a verdict: readable without colour, under the label, of the lines that were compared."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import run
from support.html import Page
from support.screens import write_screens

from recommender import LABEL, Recommender
from recommender.curation.corroboration import statistics
from recommender.curation.corroboration.comparing import compare_screens, screening_of
from recommender.curation.corroboration.points import points_of
from recommender.curation.corroboration.tables import Screens, read_screens
from recommender.knowledge.corroboration_models import CorroborationFigure
from recommender.knowledge.phrasing import NOT_IN_PATIENTS
from recommender.views.screen_plots import forest_plot, scatter_plot
from recommender.views.sheets import inline

pytestmark = pytest.mark.once
CONTRARY = "efflux-pumps-resist-sorafenib"


@pytest.fixture(scope="module", autouse=True)
def few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "RESAMPLES", 20)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_screens(tmp_path_factory.mktemp("screens"), ("MT1G", "FASN"), seed=2, n=60)


@pytest.fixture(scope="module")
def screens(folder: Path, recommender: Recommender) -> Screens:
    read = read_screens(folder, screening_of(recommender.base))
    return read._replace(liver=frozenset({"LINE1", "LINE2"}), other_origin=frozenset({"LINE2"}))


@pytest.fixture(scope="module")
def figure(screens: Screens, recommender: Recommender) -> CorroborationFigure:
    found = {one.rule: one for one in compare_screens(recommender.base, screens).rules}
    chief = found["mt1g-inhibition"].chief
    assert chief
    return chief


def test_a_forest_plot_writes_out_every_figure(recommender: Recommender) -> None:
    found = recommender.base.corroboration[CONTRARY]
    drawn = inline("plot", forest_plot(found, "A rule"))
    texts = Page(drawn).of("text")
    named = [f"{one.marker}, {one.drug}" for one in found.figures]
    assert [text for text in texts if text in named] == named
    assert {f"{one.adjusted:+.2f}" for one in found.figures} <= set(texts)
    assert {"contrary", "no signal", "too few"} <= set(texts)


def test_points_are_the_lines_of_the_figure_with_those_of_the_liver_marked(
    figure: CorroborationFigure, screens: Screens
) -> None:
    points = points_of(figure, screens)
    assert len(points) == figure.n
    assert {one.name: one.kind for one in points if one.kind != "carcinoma"} == {
        "LINE1": "liver",
        "LINE2": "other-origin",
    }
    assert points[0].auc == screens.responses[figure.screen].loc[points[0].name, figure.drug]


def test_a_scatter_plot_names_the_lines_of_the_liver(figure: CorroborationFigure, screens: Screens) -> None:
    texts = Page(inline("plot", scatter_plot(figure, points_of(figure, screens)))).of("text")
    assert {"LINE1", "hepatocellular carcinoma (1)", "liver line of another origin (1)"} <= set(texts)


def test_the_command_draws_by_the_name_of_the_file(tmp_path: Path, folder: Path) -> None:
    for name, begins in (("a.svg", b"<?xml"), ("a.png", b"\x89PNG")):
        assert run("corroborate", "--show", CONTRARY, "-o", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert LABEL in (tmp_path / "a.svg").read_text()
    whole = Page(run("corroborate", "--show", CONTRARY, "--format", "html").stdout.decode())
    assert LABEL in whole.text
    assert NOT_IN_PATIENTS in whole.text
    assert "contrary" in whole.of("td")
    data = run("corroborate", "--data", folder, "--show", "mt1g-inhibition", "--format", "html")
    assert any("of auc" in title for title in Page(data.stdout.decode()).of("h2"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--format", "svg"), b"--show RULE"),
        (("--show", "hbxip-silencing", "--format", "html"), b"nothing to draw"),
        (("--show", CONTRARY, "--format", "png"), b"-o FILE.png"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: tuple[str, ...], said: bytes) -> None:
    answer = run("corroborate", *asked)
    assert answer.returncode == 2
    assert said in answer.stderr
