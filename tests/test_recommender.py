"""A Recommender in other processes and in copies: its folders and options go, not its rules."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.copies import COPIES, pickled
from support.packs import pack_with

from recommender import InputError, Profile, Recommender, RuleBaseError
from recommender._data import shipped
from recommender.engine import durable_loads
from recommender.whatif import effect

PACK = "therapies:\n  - {id: made-up-inhibitor, name: made-up inhibitor, kind: drug, parents: [tki]}\n"
PROFILES = [
    Profile.parse({"disease": "HCC", "therapies": [name], "markers": {"FASN": "high"}})
    for name in ("sorafenib", "made-up-inhibitor")
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return pack_with(tmp_path / "our-pack", PACK, "therapies.yaml")


@pytest.mark.parametrize("isolated", [False, True])
def test_started_processes_answer_the_same(pack: Path, isolated: bool) -> None:
    """`spawn` inherits nothing: what a process knows came in the pickle."""
    recommender = Recommender(rules=[pack], isolated=isolated and durable_loads())
    expected = [recommender.recommend(profile) for profile in PROFILES]
    assert [result.therapies[0].name for result in expected] == ["sorafenib", "made-up inhibitor"]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(recommender.recommend, PROFILES, chunksize=1)
    assert [result.to_json() for result in found] == [result.to_json() for result in expected]


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_has_the_folders_and_options(copied: Callable[[Recommender], Recommender], pack: Path) -> None:
    recommender = Recommender(rules=[pack], engine="plain")
    other = copied(recommender)
    assert (other.engine.name, other.base.packs) == ("plain", recommender.base.packs)
    assert other.recommend(PROFILES[1]) == recommender.recommend(PROFILES[1])


def test_a_pickle_holds_no_rules_and_is_opened_in_any_folder(
    pack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    recommender = Recommender(rules=[pack.name], engine="plain")
    monkeypatch.chdir(os.sep)
    other = pickled(recommender)
    assert other.base.packs == recommender.base.packs
    (pack / "therapies.yaml").unlink()
    with pytest.raises(RuleBaseError, match="holds no rule files"):
        pickled(recommender)


def test_another_base_goes_along(tmp_path: Path) -> None:
    base = tmp_path / "rules"
    shutil.copytree(shipped("rules"), base)
    other = pickled(Recommender(base=base, engine="plain"))
    shutil.rmtree(base)
    with pytest.raises(RuleBaseError, match="no such folder"):
        pickled(other)


def test_a_rule_base_that_has_answered_can_be_handed_to_another_process() -> None:
    """The server starts its processes with it; what is kept of earlier answers does not go along."""
    recommender = Recommender(engine="plain")
    result = recommender.recommend(PROFILES[0])
    assert Recommender(base=pickled(recommender.base), engine="plain").recommend(PROFILES[0]) == result


def test_what_the_commands_give_in_python(recommender: Recommender) -> None:
    profile = PROFILES[0]
    before = recommender.recommend(profile)
    given = recommender.whatif(profile, set={"GSTZ1": "low"}, unset="FASN", therapy="+lenvatinib")
    assert given == recommender.whatif(profile, set="GSTZ1=low", unset=["FASN"], therapy=("+lenvatinib",))
    other = Profile.parse(
        {"disease": "HCC", "therapies": ["sorafenib", "lenvatinib"], "markers": {"GSTZ1": "low"}}
    )
    assert given == effect(before, recommender.recommend(other))
    assert given.enters
    assert "PRECLINICAL EVIDENCE" in recommender.report(profile)
    assert recommender.map(profile).startswith("<svg")
    with pytest.raises(InputError, match="GSTZ1 cannot be 'lowish'"):
        recommender.whatif(profile, set={"GSTZ1": "lowish"})


def test_importing_the_package_reads_no_yaml_and_builds_no_model() -> None:
    """Both take longer than what is needed, and a short command waits for them."""
    code = "import sys, recommender; print({'yaml', 'importlib.metadata'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"
