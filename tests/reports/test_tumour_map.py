"""The pathway map: complete, true to the result, and drawn so that everybody can read it."""

import json
import re
import shutil
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from support.commands import run
from support.generators import profiles
from support.packs import pack_with
from support.places import EXAMPLE_PACK, ROOT

from recommender import InputError, Profile, Recommender, RuleBaseError
from recommender._label import LABEL
from recommender.curation.linting import lint
from recommender.curation.map_gaps import off_the_map
from recommender.reports.tumour_map import MEANINGS, TumourMap, tumour_map
from recommender.views.drawing import as_png, as_svg, drawn_boxes

RECOMMENDER = Recommender(engine="plain")
BASE = RECOMMENDER.base
CASE = "profiles/nrf2-active-sorafenib.json"
SVG = "{http://www.w3.org/2000/svg}"


def of(value: dict[str, Any]) -> TumourMap:
    return tumour_map(RECOMMENDER.recommend(Profile.parse({"disease": "HCC", **value})), BASE)


def box(drawn: TumourMap, fact: str) -> Any:
    (found,) = [one for one in drawn.boxes if one.fact == fact]
    return found


def test_every_mechanism_and_every_add_on_is_on_the_map() -> None:
    assert list(off_the_map(BASE)) == []


@pytest.mark.parametrize(
    ("old", "new", "record", "what"),
    [
        ("fact: p53-removal-by-uri", "text: none", "p53-removed-by-uri", "no box shows"),
        ("[SCD, LAMTOR5]", "[SCD]", "desaturation-active-by-hbxip", "does not show LAMTOR5"),
        ("rule: gpx4-active-by-nrf2", "strong: [active]", "gpx4-active-by-nrf2", "no arrow"),
        ("add_ons: [dusp4-suppression]", "add_ons: []", "dusp4-suppression", "acts in no box"),
    ],
)
def test_what_is_missing_from_the_map_is_found(
    tmp_path: Path, old: str, new: str, record: str, what: str
) -> None:
    base = Recommender(base=copy(tmp_path, old, new), engine="plain").base
    found = [one for one in lint(base) if one.code == "RL015"]
    assert any(one.record == record and what in one.message for one in found), found


def test_faults_of_the_map_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    folder = copy(tmp_path, "markers: [URI1, TP53]", "markers: [URI2, TP53]")
    text = (folder / "map.yaml").read_text()
    text = text.replace("effect: lowers, strong: [active]}", "effect: lowers, strong: [activ]}", 1)
    text = text.replace("from: p53, to: desaturation", "from: p54, to: desaturation")
    text = text.replace("at: [775, 12]", "at: [900, 12]").replace("id: pufa", "id: fenton")
    text = text.replace("from: pufa, to: peroxides", "from: peroxides, to: peroxides")
    text = text.replace("via: [[598, 270]]", "via: [[598, 2700]]")
    (folder / "map.yaml").write_text(text)
    with pytest.raises(RuleBaseError) as caught:
        Recommender(base=folder, engine="plain")
    told = str(caught.value)
    assert re.search(r"map\.yaml:\d+.*'URI2' is not known.*URI1", told)
    for part in ("no state 'activ'", "'p54' is not known", "leaves the drawing", "'fenton' is there already"):
        assert part in told
    for part in ("'peroxides' leads to where it begins", "corner 598, 2700 leaves"):
        assert part in told


def copy(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    text = (folder / "map.yaml").read_text()
    assert old in text
    (folder / "map.yaml").write_text(text.replace(old, new))
    return folder


@given(profiles())
def test_the_map_says_what_the_result_says(value: dict[str, Any]) -> None:
    result = RECOMMENDER.recommend(Profile.parse(value))
    drawn = tumour_map(result, BASE)
    held = {(one.fact, one.state) for one in result.derived}
    for one in drawn.boxes:
        assert {state for fact, state in held if fact == one.fact} == set(one.states)
        if one.fact is None:
            assert one.defence is None
            continue
        defences = set(BASE.facts[one.fact].defences)
        shields, opens = set(one.states) & defences, set(one.states) - defences
        expected = "both" if shields and opens else "active" if shields else "lost" if opens else "unknown"
        assert one.defence == expected
        measured = {(fact.marker, fact.state) for fact in result.facts}
        for marker in one.markers:
            assert {(marker.symbol, state) for state in marker.states} <= measured
            assert not marker.used or marker.states
        assert bool(one.states) <= bool(one.because)
    fired = {one.rule for one in result.derived}
    assert all(arrow.strong == (arrow.rule in fired) for arrow in drawn.arrows if arrow.rule)
    assert [one.id for one in drawn.add_ons] == [one.id for one in result.recommendations]
    assert all(one.acts_in for one in drawn.add_ons)


@given(profiles())
def test_the_drawing_is_sound_and_labelled(value: dict[str, Any]) -> None:
    drawn = tumour_map(RECOMMENDER.recommend(Profile.parse(value)), BASE)
    for whole in (True, False):
        tree = ET.fromstring(as_svg(drawn, whole=whole))
        text = " ".join(tree.itertext())
        assert LABEL in text
        assert "not for treatment decisions" in text
        for one in drawn.boxes:
            assert one.name in text
        for meaning in MEANINGS.values():
            assert meaning in text
        ids = [node.get("id") for node in tree.iter() if node.get("id")]
        assert len(ids) == len(set(ids))


def test_states_that_findings_dispute_are_shown_as_both() -> None:
    found = box(of({"markers": {"TFRC": "high", "FTH1": "high"}}), "iron-availability")
    assert found.defence == "both"
    assert found.states == ("raised", "restricted")


def test_only_what_fired_is_lit() -> None:
    drawn = of({"markers": {"NFE2L2": "normal", "p-NRF2": "high"}})
    markers = {one.symbol: one for one in box(drawn, "nrf2-axis").markers}
    assert markers["p-NRF2"].used
    assert not markers["NFE2L2"].used
    assert markers["NFE2L2"].states == ("normal",)
    assert not markers["KEAP1"].states
    strong = {(arrow.start, arrow.end) for arrow in drawn.arrows if arrow.strong}
    assert ("nrf2", "gpx4") in strong
    assert ("hbv", "gpx4") not in strong


def test_yellow_means_one_thing_on_the_map_and_in_the_report() -> None:
    """A finding that a rule used, and that selects nothing, is not marked as one that selects."""
    value = json.loads((ROOT / CASE).read_text())
    drawn = tumour_map(RECOMMENDER.recommend(Profile.parse(value)), BASE)
    markers = {one.symbol: one for one in box_markers(drawn)}
    assert {name for name, one in markers.items() if one.selects} == {"FASN", "KEAP1", "SQSTM1"}
    assert markers["CD274"].used
    tree = ET.fromstring(as_svg(drawn, anchors={}))
    shown = [node.text for node in tree.iter(f"{SVG}text") if node.get("class") == "m-on-selects"]
    assert shown == ["SQSTM1 ↑", "KEAP1 mut", "FASN ↑", "selects an add-on"]


def box_markers(drawn: TumourMap) -> list[Any]:
    return [marker for one in drawn.boxes for marker in one.markers]


def test_letters_are_large_enough_for_a_projector() -> None:
    """At 1280 pixels across, the width of a slide or of the report, nothing is below 15 of them."""
    drawn = of({"therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    tree = ET.fromstring(as_svg(drawn, whole=False, anchors={}))
    wide = float(str(tree.get("viewBox")).split()[2])
    sizes = [float(size) for node in tree.iter() if (size := node.get("font-size"))]
    assert min(sizes) * 1216 / wide >= 15
    assert float(str(tree.get("viewBox")).split()[3]) / wide < 9 / 16


def test_what_is_measured_fits_in_its_box_however_much_it_is() -> None:
    """Pills lie inside their boxes and apart from each other, with every marker of the map measured."""
    found = of({"markers": {one.symbol: "high" for one in box_markers(of({})) if one.symbol != "HBV"}})
    boxes = list(drawn_boxes(found))
    assert any(one.pills for one in boxes)
    for one in boxes:
        (x, y), (width, height) = one.box.at, one.box.size
        for pill in one.pills:
            assert x <= pill.x < pill.x + pill.width <= x + width
            assert y + 30 <= pill.y < pill.y + 22 < y + height, one.box.id
        if one.look != "process":
            assert one.room > 7 * len(f"{one.box.name} {one.state}"), one.box.id


def test_no_state_is_told_by_colour_alone() -> None:
    """Frames differ in width or dashes, and the lightness of the fills differs."""
    text = as_svg(of({"therapies": ["sorafenib"], "markers": {"NFE2L2": "high", "AIFM2": "low"}}))
    tree = ET.fromstring(text)
    looks = {}
    for name in ("active", "lost", "unknown"):
        (frame,) = [n for n in tree.iter(f"{SVG}rect") if n.get("class") == f"m-{name} m-edge-{name}"]
        looks[name] = (frame.get("stroke-width"), frame.get("stroke-dasharray"), frame.get("fill"))
    assert len({look[:2] for look in looks.values()}) == 3
    grey = {}
    for name, (_, _, fill) in looks.items():
        assert fill
        red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
        grey[name] = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    ordered = sorted(grey.values())
    assert all(high - low > 35 for low, high in pairwise(ordered)), grey
    words = " ".join("".join(tree.itertext()).split())
    assert "NRF2 axis active" in words
    assert "FSP1 defence lost" in words
    assert {"protects from ferroptosis", "favours ferroptosis"} <= set(MEANINGS.values())


def test_boxes_do_not_overlap_and_lines_end_on_their_edges() -> None:
    drawn = of({})
    boxes = drawn.boxes
    assert len(boxes) > 10
    assert len(drawn.arrows) > 10
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = any(
                one.at[axis] + one.size[axis] <= other.at[axis]
                or other.at[axis] + other.size[axis] <= one.at[axis]
                for axis in (0, 1)
            )
            assert apart, (one.id, other.id)
    by_id = {one.id: one for one in boxes}
    tree = ET.fromstring(as_svg(drawn))
    lines = list(tree.iter(f"{SVG}polyline"))[: len(drawn.arrows)]
    for arrow, line in zip(drawn.arrows, lines, strict=True):
        points = [tuple(map(float, point.split(","))) for point in str(line.get("points")).split()]
        for point, name, room in ((points[0], arrow.start, 0), (points[-1], arrow.end, 12)):
            (x, y), (left, top), (width, height) = point, by_id[name].at, by_id[name].size
            across = min(abs(x - left), abs(x - left - width))
            above = min(abs(y - top), abs(y - top - height))
            assert left - room <= x <= left + width + room
            assert top - room <= y <= top + height + room
            assert min(across, above) <= room, (arrow, point)
        for (x, y), (u, v) in pairwise(points):
            assert x == u or y == v, (arrow, points)


def test_a_pack_without_a_place_on_the_map_is_named_and_not_lost(tmp_path: Path) -> None:
    text = (EXAMPLE_PACK / "local.yaml").read_text()
    add_on = "add_ons:\n  - {id: made-up, name: made-up agent, type: drug, status: tool-compound}\n"
    text = text.replace("add_on: rsl3", "add_on: made-up")
    local = Recommender(rules=[pack_with(tmp_path / "pack", add_on + text)], engine="plain")
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"KIF23": "high"}})
    drawn = tumour_map(local.recommend(profile), local.base)
    (one,) = [one for one in drawn.add_ons if one.name == "made-up agent"]
    assert one.acts_in == ()
    assert "made-up agent + sorafenib (not on this map)" in as_svg(drawn)


def test_markup_in_a_profile_is_text() -> None:
    hostile = '<script>alert(1)</script>"&\x1b[31m\u202e'
    svg = as_svg(of({"id": hostile}))
    assert "<script" not in svg
    assert "\x1b" not in svg
    assert "\u202e" not in svg
    ET.fromstring(svg)


class TestCommand:
    def test_formats(self, tmp_path: Path) -> None:
        done = run("map", CASE, "--format", "svg")
        assert done.returncode == 0
        ET.fromstring(done.stdout.decode())
        out = tmp_path / "map.svg"
        assert run("map", CASE, "-o", out).returncode == 0
        assert out.read_bytes() == done.stdout
        value = json.loads(run("map", CASE, "--format", "json").stdout)
        assert value["label"] == LABEL
        assert {one["id"] for one in value["boxes"]} >= {"gpx4", "iron"}
        shown = run("map", CASE, "--width", "80").stdout.decode()
        assert LABEL in shown
        assert "raised" in shown
        assert max(map(len, shown.splitlines())) <= 80

    def test_png(self, tmp_path: Path) -> None:
        pytest.importorskip("resvg_py")
        out = tmp_path / "map.png"
        assert run("map", CASE, "-o", out).returncode == 0
        data = out.read_bytes()
        assert data.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", data[16:24])
        assert width == 2 * (BASE.content.map.width + 40)  # type: ignore[union-attr]
        assert width > height > 1000

    def test_png_to_a_terminal_is_refused(self) -> None:
        done = run("map", CASE, "--format", "png")
        assert done.returncode == 2
        assert b"-o FILE.png" in done.stderr

    def test_the_same_picture_each_time(self) -> None:
        pytest.importorskip("resvg_py")
        drawn = of({"therapies": ["sorafenib"]})
        assert as_png(drawn, zoom=1) == as_png(drawn, zoom=1)

    def test_a_missing_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(InputError, match=r"\.\[report\]"):
            as_png(of({}))
