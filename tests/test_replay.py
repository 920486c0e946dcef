"""Does a result that was kept still follow from its profile?"""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.commands import CASE, run
from support.generators import profiles

from recommender import InputError, Profile, Recommender
from recommender.replay import differences, replay


class TestReplay:
    @settings(max_examples=30)
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
        value["recommendations"][0]["score"] = 1.0
        del value["recommendations"][1]
        value["rule_base"]["version"] = "old"
        found = replay(value, profile, recommender)
        assert "/recommendations/orlistat-with-sorafenib/score: was 1.0, is 72.5" in found
        assert any(one.endswith(": new") for one in found)
        assert "/rule_base/version: was old, is 2026.12.0.dev" in found

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


def test_replay_sees_another_order_and_another_type(case: Path, tmp_path: Path) -> None:
    value = json.loads(run("recommend", case, "--format", "json").stdout)
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({**value, "recommendations": value["recommendations"][::-1]}))
    assert run("replay", kept, case).returncode == 4
    value["recommendations"][0]["rank"] = True
    kept.write_text(json.dumps(value))
    assert run("replay", kept, case).returncode == 4
