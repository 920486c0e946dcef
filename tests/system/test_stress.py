"""Short versions of `make stress`, and every limit of durable-rules: at it, and over it."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.places import program

from recommender import Recommender, RuleBaseError
from recommender.engine import durable_loads, make_engine
from recommender.engine.atoms import Atom
from recommender.engine.limits import ATOMS_PER_CLAUSE, MAX_ATOMS, MAX_BLOCKS, MAX_CLAUSES, beyond
from recommender.engine.program import MAX_STAGES, CompiledRule, TooDeep, compile_rules

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("uncounted")]

with_durable = pytest.mark.skipif(not durable_loads(), reason="durable-rules does not load here")
SEED = random.randrange(10**6)


@pytest.fixture(scope="module")
def stress() -> Any:
    print("seed", SEED)
    return program("bench/stress.py")


@with_durable
def test_no_difference_and_flat_memory(stress: Any, recommender: Recommender) -> None:
    # What leaks grows each time; what other tests of this process left behind is collected only once.
    grown = [stress.evaluations(recommender.base.program, 5_000, lambda _: None, SEED) for _ in range(2)]
    assert min(grown) < 4


# A test worker has a thread for its messages, which a newer Python warns of when forking.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@with_durable
@pytest.mark.parametrize("isolated", [False, True])
def test_threads_and_forks(stress: Any, isolated: bool) -> None:
    recommender = Recommender(engine="durable", isolated=isolated)
    stress.threads(recommender, 20)
    stress.forks(recommender, 5, 2)


@with_durable
@pytest.mark.parametrize("isolated", [False, True])
def test_interrupts_at_random_moments(stress: Any, isolated: bool) -> None:
    caught, answered = stress.interrupts(12, isolated=isolated, seed=SEED)
    assert caught == 12
    assert answered


@with_durable
def test_a_fork_does_not_wait_for_a_thread_that_stayed_behind() -> None:
    code = (
        "import os\n"
        "from recommender import Recommender\n"
        "for isolated in (False, True):\n"
        "    engine = Recommender(engine='durable', isolated=isolated).engine\n"
        "    expected = engine.fire(7)\n"
        "    engine._lock.acquire()  # as by a thread in the middle of an answer\n"
        "    if not (child := os.fork()):\n"
        "        os._exit(0 if engine.fire(7) == expected else 1)\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def marker(number: int) -> Atom:
    return Atom("marker", f"M{number}", "high")


def fact(number: int) -> Atom:
    return Atom("fact", f"F{number}", "active")


def rule(name: str, *atoms: Atom, gives: Atom | None = None) -> CompiledRule:
    return CompiledRule(name, (frozenset(atoms),), gives)


def many_clauses(count: int) -> list[CompiledRule]:
    return [rule(f"r{number}", marker(number % 90), marker(90 + number % 89)) for number in range(count)]


def all_alike(count: int) -> list[CompiledRule]:
    return [rule(f"r{number}", marker(1), marker(2)) for number in range(count)]


def one_wide(count: int) -> list[CompiledRule]:
    return [rule("wide", *map(marker, range(count)))]


def many_atoms(count: int) -> list[CompiledRule]:
    return [
        rule(f"r{first // 50}", *map(marker, range(first, min(first + 50, count))))
        for first in range(0, count, 50)
    ]


def many_blocks(count: int) -> list[CompiledRule]:
    """A block takes 240 atoms, so four rules with 60 of their own, or one of two that share none."""
    chance = random.Random(3)
    names = range(9000)
    return [rule(f"r{number}", *map(marker, chance.sample(names, 60))) for number in range(count * 4)]


def one_fact_meets(count: int) -> list[CompiledRule]:
    return [rule(f"r{number}", marker(number)) for number in range(count)]


def chain(count: int) -> list[CompiledRule]:
    rules = [rule(f"r{n}", fact(n - 1) if n else marker(0), gives=fact(n)) for n in range(count)]
    return [rule("last", fact(count - 1)), *reversed(rules)]


AT: dict[str, Callable[[], list[CompiledRule]]] = {
    "clauses": lambda: many_clauses(MAX_CLAUSES),
    "clauses that are alike": lambda: all_alike(MAX_CLAUSES),
    "atoms of a clause": lambda: one_wide(ATOMS_PER_CLAUSE),
    "atoms": lambda: many_atoms(MAX_ATOMS),
    "blocks": lambda: many_blocks(MAX_BLOCKS),
    "clauses that one fact meets": lambda: one_fact_meets(MAX_CLAUSES),
    "stages": lambda: chain(MAX_STAGES),
}


@with_durable
@pytest.mark.parametrize("limit", AT)
def test_at_a_limit_both_engines_agree(limit: str) -> None:
    program = compile_rules(AT[limit]())
    durable, plain = make_engine(program, "durable"), make_engine(program, "plain")
    full = (1 << len(program.atoms)) - 1
    for have in (full, 0) if limit == "blocks" else (1, full, full // 3, 0):
        assert durable.fire(have) == plain.fire(have)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (lambda: many_clauses(MAX_CLAUSES + 1), "r4000: with it rules can fire in more ways than the 4000"),
        (lambda: one_wide(ATOMS_PER_CLAUSE + 1), "wide: it asks for 61 facts at once"),
        (lambda: many_atoms(MAX_ATOMS + 1), "r199: with it rules use more different facts than the 9999"),
        (lambda: many_blocks(MAX_BLOCKS + 1), "r2000: with it rules make more than the 500 blocks"),
        (lambda: [CompiledRule("always", (frozenset(),))], "always: it asks for nothing"),
    ],
)
def test_over_a_limit_the_rule_is_named(rules: Callable[[], list[CompiledRule]], message: str) -> None:
    program = compile_rules(rules())
    assert message in "\n".join(map(str, beyond(program)))
    if durable_loads():
        for isolated in (False, True):
            with pytest.raises(RuleBaseError, match=message):
                make_engine(program, "durable", isolated=isolated)


@pytest.mark.parametrize("order", [list, lambda rules: list(reversed(rules))])
@pytest.mark.parametrize("more", [1, 3000])
def test_too_many_stages_name_a_rule(order: Callable[[Any], list[CompiledRule]], more: int) -> None:
    """A long chain once ended in a RecursionError, and 512 stages in a ruleset that was never built."""
    with pytest.raises(TooDeep, match=r"^r\d+ ends a chain of more than 100 derived facts"):
        compile_rules(order(chain(MAX_STAGES + more)))


WIDE = """rules:
  - id: far-too-wide
    kind: context
    title: Asks for a great many findings
    since: 2026.11.0
    effect: resists
    text: It can hardly be met by anybody.
    mechanism: There is none.
    evidence:
      {references: [64], level: cells, models: [cells], tumour_types: [hcc], basis: abstract}
    examples:
      fires: [{markers: {FASN: high}}]
      near_misses: [{markers: {FASN: low}}]
    when:
"""


def test_a_pack_over_a_limit_is_refused_at_load_on_any_engine(tmp_path: Path) -> None:
    vocabulary = Recommender(engine="plain").base.vocabulary
    found = [
        (known.symbol, next(one for one in states if vocabulary.reading_of(known, one) == one))
        for known in vocabulary.markers.values()
        if known.symbol.isalnum() and (states := vocabulary.states_of(known))
    ]
    (tmp_path / "x.yaml").write_text(
        WIDE + "".join(f"      - {name}: {state}\n" for name, state in found[:61])
    )
    with pytest.raises(RuleBaseError, match=r"x\.yaml:\d+: rule far-too-wide.*it asks for 61 facts at once"):
        Recommender(rules=[tmp_path], engine="plain", use_cache=False)
