"""Shared fixtures. No test touches the user's cache, the network or another test's files."""

import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from fuzzing.small import small_base
from hypothesis import HealthCheck, settings
from support.commands import CASE
from support.rule_bases import load_once
from support.signals import usual_signals
from support.studies import Study

from recommender import Recommender, _yaml
from recommender.engine import durable_loads
from recommender.knowledge.base import KnowledgeBase

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from support.browsers import Watched

# Tests keep many rule bases and answers: looking through them for garbage takes a tenth of the time.
gc.set_threshold(50_000, 20, 100)


# jsonschema imports it where it is there, which takes a second, for the format of IRIs: no test asks for it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def pytest_collection_finish() -> None:
    """What was imported until then stays to the end, and need not be looked through again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let the interpreter take down at its end what it looks for there."""
    gc.unfreeze()


# In CI the examples are the same at every run of the same code; elsewhere they are new ones.
# More of them: EXAMPLES=1000 make unit
settings.register_profile(
    "default",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=int(os.environ.get("EXAMPLES", "100")),
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.differing_executors,  # mutation testing runs a test more than once
    ],
)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the cache of rule bases inside the test run."""
    before = {name: os.environ.get(name) for name in ("XDG_CACHE_HOME", "RECOMMENDER_RULES")}
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    os.environ.pop("RECOMMENDER_RULES", None)
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session", autouse=True)
def each_text_is_parsed_once() -> Iterator[None]:
    """Parsing the shipped rules is most of the time in which they and a pack are loaded."""
    with patch("recommender._yaml.parse", lru_cache(500)(_yaml.parse)):
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts_reach_what_tests_start() -> Iterator[None]:
    """Run the tests in the background of a script as at a prompt."""
    with usual_signals():
        yield


@pytest.fixture(scope="module")
def uncounted() -> Iterator[None]:
    """For processes that reach nothing new: coverage would take a tenth of a second in each of them."""
    with pytest.MonkeyPatch.context() as patch_environment:
        patch_environment.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        yield


@pytest.fixture
def earlier_objects_aside() -> None:
    """For tests that have garbage collected: what others left behind takes a second to look through."""
    gc.freeze()


@pytest.fixture(scope="session")
def recommender() -> Recommender:
    """The shipped rules on the plain engine, which runs everywhere."""
    return Recommender(engine="plain")


@pytest.fixture(scope="session")
def both_engines(recommender: Recommender) -> list[Recommender]:
    """The shipped rules on every engine that loads here."""
    return [recommender, Recommender(engine="durable")] if durable_loads() else [recommender]


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rules for commands that run in this process, where files are the point and rules take the time."""
    few = small_base()

    def load_few(folders: Sequence[Path], **_: bool) -> KnowledgeBase:
        return few if len(folders) == 1 else load_once(folders)

    monkeypatch.setattr("support.commands.load_once", load_few)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A copy of the example study, to change."""
    return Study(tmp_path / "study")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A file with a profile that is answered."""
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE))
    return file


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A browser, for modules that import `support.browsers`."""
    from support.browsers import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def watched(browser: "Browser", request: pytest.FixtureRequest) -> "Iterator[Watched]":
    """A page on which nothing may go wrong; a parameter holds the settings of its context."""
    from support.browsers import watching

    with watching(browser, **getattr(request, "param", {})) as found:
        yield found
