"""Does a result that was kept still follow from its profile?"""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.amounts import at_most
from support.commands import CASE, run
from support.generators import profiles

from recommender import InputError, Profile, Recommender
from recommender.engine import STAMPS
from recommender.replay import differences, replay


class TestReplay:
    @at_most(30)
    @given(profile=profiles(), brief=st.booleans(), top=st.none() | st.integers(1, 4))
    def test_an_own_result_never_differs(
        self, both_engines: list[Recommender], profile: dict[str, Any], brief: bool, top: int | None
    ) -> None:
        parsed = Profile.parse(profile)
        assert both_engines
        for one, other in itertools.product(both_engines, both_engines):
            result = one.recommend(parsed, brief=brief)
            kept = result.first(top) if top else result
            assert replay(json.loads(kept.to_json()), parsed, other) == []

    def test_differences_are_named_by_their_place(self, recommender: Recommender) -> None:
        profile = Profile.parse(CASE)
        value: dict[str, Any] = recommender.recommend(profile).to_dict()
        first = value["recommendations"][0]
        place = f"/recommendations/{first['id']}/score: was 1.0, is {first['score']}"
        first["score"] = 1.0
        del value["recommendations"][1]
        value["rule_base"]["version"] = "old"
        found = replay(value, profile, recommender)
        assert place in found
        assert any(one.endswith(": new") for one in found)
        assert f"/rule_base/version: was old, is {recommender.base.info.version}" in found

    def test_lists_of_other_lengths_and_kinds(self) -> None:
        assert differences([1, 2], [1], ("x",)) == ["/x: was [1, 2], is [1]"]
        assert differences({"a": [1]}, {"a": [2]}) == ["/a/0: was 1, is 2"]

    def test_what_is_no_result(self, recommender: Recommender) -> None:
        for value in (3, [], {}, {"options": {}}):  # type: ignore[var-annotated]
            with pytest.raises(InputError, match="not a result"):
                replay(value, Profile.parse(CASE), recommender)

    def test_the_command(self, tmp_path: Path) -> None:
        case, kept = tmp_path / "case.json", tmp_path / "result.json"
        case.write_text(json.dumps(CASE))
        run("recommend", case, "--format", "json", "--top", "2", "-o", kept)
        assert run("replay", kept, case).returncode == 0
        case.write_text(json.dumps({**CASE, "markers": {}}))
        done = run("replay", kept, case)
        assert done.returncode == 4
        assert b"/recommendations/orlistat-with-sorafenib/score" in done.stderr
        assert run("replay", case, case).returncode == 2


REPLACED = {"code": "ENGINE_REPLACED", "path": "", "message": "The process ended: the plain engine fired."}


class TestTheEngine:
    @pytest.fixture
    def kept(self) -> dict[str, Any]:
        value: dict[str, Any] = Recommender(engine="plain").recommend(Profile.parse(CASE)).to_dict()
        return value

    @pytest.mark.parametrize(
        ("name", "version"), [("durable-rules", "2.0.28"), ("plain", "1.0.0"), ("plain", "2.1.0.dev0+x")]
    )
    def test_which_one_fired_the_rules_does_not_matter(
        self, kept: dict[str, Any], recommender: Recommender, name: str, version: str
    ) -> None:
        value = {**kept, "engine": {"name": name, "version": version}}
        assert replay(value, Profile.parse(CASE), recommender) == []

    @pytest.mark.parametrize(
        "engine",
        [
            {"name": "another", "version": "1"},
            {"name": "plain", "version": ""},
            {"name": "plain", "version": 1},
            {"name": ["plain"], "version": "1"},
            {"name": "plain", "version": "1", "by": "hand"},
            {"name": "plain"},
            "plain",
            None,
        ],
    )
    def test_what_no_result_says_of_it_is_a_difference(
        self, kept: dict[str, Any], recommender: Recommender, engine: Any
    ) -> None:
        found = replay({**kept, "engine": engine}, Profile.parse(CASE), recommender)
        assert found
        assert all(one.startswith("/engine") for one in found)
        del kept["engine"]
        assert replay(kept, Profile.parse(CASE), recommender) == ["/engine: new"]

    def test_that_it_was_replaced_does_not_matter(
        self, kept: dict[str, Any], recommender: Recommender
    ) -> None:
        kept["notices"].append(REPLACED)
        assert replay(kept, Profile.parse(CASE), recommender) == []

    @pytest.mark.parametrize(
        "notices",
        [
            [REPLACED, REPLACED],
            [{**REPLACED, "path": "/markers/FASN"}],
            [{"code": "ENGINE_REPLACED"}],
            [{**REPLACED, "code": "UNKNOWN_MARKER"}],
            "none",
        ],
    )
    def test_other_notices_are_compared(
        self, kept: dict[str, Any], recommender: Recommender, notices: Any
    ) -> None:
        kept["notices"] = kept["notices"] + notices if isinstance(notices, list) else notices
        assert replay(kept, Profile.parse(CASE), recommender)

    def test_durable_rules_was_not_replaced_where_it_answered(
        self, kept: dict[str, Any], recommender: Recommender
    ) -> None:
        value = {**kept, "engine": {"name": "durable-rules", "version": "2.0.28"}, "notices": [REPLACED]}
        assert replay(value, Profile.parse(CASE), recommender)

    def test_the_engines_are_named_as_results_name_them(self, both_engines: list[Recommender]) -> None:
        assert {one.engine.name for one in both_engines} <= set(STAMPS)


def test_replay_sees_another_order_and_another_type(case: Path, tmp_path: Path) -> None:
    value = json.loads(run("recommend", case, "--format", "json").stdout)
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({**value, "recommendations": value["recommendations"][::-1]}))
    assert run("replay", kept, case).returncode == 4
    value["recommendations"][0]["rank"] = True
    kept.write_text(json.dumps(value))
    assert run("replay", kept, case).returncode == 4
