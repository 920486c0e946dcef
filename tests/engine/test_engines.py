"""Both engines against a simple oracle, over rule bases that nobody wrote."""

import gc
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.copies import COPIES
from support.generators import DERIVED, MEASURED, rule_bases

from recommender import EngineError, Profile, Recommender, RuleBaseError
from recommender.engine import Engine, EngineName, durable_loads, make_engine
from recommender.engine.atoms import Atom
from recommender.engine.program import CircularRules, CompiledRule, TooManyWays, compile_rules, measured_ways

ENGINES: list[EngineName] = ["plain", "durable"] if durable_loads() else ["plain"]


def oracle(rules: list[CompiledRule], have: set[Atom]) -> set[str]:
    """The rules that fire, by going round until nothing is new."""
    fired: set[str] = set()
    while True:
        new = {rule.id for rule in rules if rule.id not in fired and any(way <= have for way in rule.ways)}
        if not new:
            return fired
        fired |= new
        have = have | {rule.gives for rule in rules if rule.id in fired and rule.gives}


@given(rules=rule_bases(), data=st.data())
def test_engines_fire_what_the_oracle_fires(rules: list[CompiledRule], data: st.DataObject) -> None:
    program = compile_rules(rules)
    engines = [make_engine(program, name) for name in ENGINES]
    drawn = data.draw(st.lists(st.sets(st.sampled_from(MEASURED)), min_size=1, max_size=4))
    assert drawn
    for have in drawn:
        fired = [engine.fire(program.mask(have)) for engine in engines]
        assert all(one == fired[0] for one in fired)
        assert fired[0] == sorted(fired[0])
        assert {program.clauses[position].rule for position in fired[0]} == oracle(rules, set(have))


def test_a_clause_that_asks_for_nothing_fires_first_and_always() -> None:
    given_away = CompiledRule("always", (frozenset(),), Atom("fact", "F", "active"))
    needs_it = CompiledRule("then", (frozenset([Atom("fact", "F", "active")]),))
    program = compile_rules([needs_it, given_away])
    engine = make_engine(program, "plain")
    assert [program.clauses[at].rule for at in engine.fire(0)] == ["always", "then"]


@given(rules=rule_bases(), have=st.sets(st.sampled_from(MEASURED)))
def test_unfolded_ways_say_what_fires(rules: list[CompiledRule], have: set[Atom]) -> None:
    assume(rules)
    ways = measured_ways(rules)
    fired = oracle(rules, set(have))
    for rule in rules:
        assert (rule.id in fired) == any(way <= have for way in ways[rule.id])
        assert all(atom.kind != "fact" for way in ways[rule.id] for atom in way)


@pytest.mark.parametrize("name", ENGINES)
def test_every_fact_at_once(name: EngineName) -> None:
    """One fact that meets far more clauses than a ruleset of durable-rules bears in one place."""
    atoms = [Atom("marker", f"M{number}", "high") for number in range(600)]
    rules = [CompiledRule(f"r{number}", (frozenset([atom]),)) for number, atom in enumerate(atoms)]
    rules += [CompiledRule(f"same{number}", (frozenset(atoms[:3]),)) for number in range(300)]
    program = compile_rules(rules)
    engine = make_engine(program, name)
    for _ in range(3):
        assert engine.fire(program.mask(atoms)) == list(range(900))
        assert engine.fire(0) == []


@pytest.mark.usefixtures("earlier_objects_aside")
@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_is_an_engine_of_its_own(copied: Callable[[Engine], Engine], name: EngineName) -> None:
    program = compile_rules([CompiledRule("r", (frozenset([MEASURED[0]]),))])
    engine = make_engine(program, name)
    assert engine.fire(1) == [0]
    other = copied(engine)
    assert (other.fire(1), other.fire(0)) == ([0], [])
    del other
    gc.collect()
    assert (engine.fire(1), engine.fire(0)) == ([0], []), "its rules were removed with those of the copy"


@pytest.mark.skipif(not durable_loads(), reason="durable-rules does not load on this interpreter")
class TestLimitsOfDurableRules:
    def test_too_many_clauses_name_the_rule(self) -> None:
        rules = [
            CompiledRule(f"r{number}", (frozenset([Atom("marker", f"M{number % 9}", "high")]),))
            for number in range(4001)
        ]
        with pytest.raises(RuleBaseError, match="r4000"):
            make_engine(compile_rules(rules), "durable")

    def test_a_rule_that_asks_for_too_much_is_named(self) -> None:
        wide = frozenset(Atom("marker", f"M{number}", "high") for number in range(61))
        with pytest.raises(RuleBaseError, match="wide: it asks for 61"):
            make_engine(compile_rules([CompiledRule("wide", (wide,))]), "durable")

    def test_an_interrupt_leaves_no_trace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        durable: Any = import_module("recommender.engine.durable")
        program = compile_rules([CompiledRule("r", (frozenset([MEASURED[0]]),))])
        engine = durable.DurableEngine(program)
        have = program.mask([MEASURED[0]])
        assert engine.fire(have) == [0]
        real = durable.dre.complete_and_start_action

        def interrupted(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(durable.dre, "complete_and_start_action", interrupted)
        with pytest.raises(KeyboardInterrupt):
            engine.fire(have)
        monkeypatch.setattr(durable.dre, "complete_and_start_action", real)
        assert engine.fire(have) == [0]
        assert engine.fire(0) == []

    def test_an_interrupt_while_another_is_handled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        durable: Any = import_module("recommender.engine.durable")
        program = compile_rules([CompiledRule("r", (frozenset([MEASURED[0]]),))])
        engine = durable.DurableEngine(program)

        def interrupted(*arguments: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(durable.dre, "retract_fact", interrupted)
            patch.setattr(durable.DurableEngine, "_delete_ruleset", staticmethod(interrupted))
            with pytest.raises(KeyboardInterrupt):
                engine.fire(1)
        assert engine.fire(0) == []
        assert engine.fire(1) == [0]

    def test_an_unknown_answer_of_the_library_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        durable: Any = import_module("recommender.engine.durable")
        program = compile_rules([CompiledRule("r", (frozenset([MEASURED[0]]),))])
        engine = durable.DurableEngine(program)
        monkeypatch.setattr(durable.dre, "assert_fact", lambda *_: (3, 0))
        with pytest.raises(EngineError, match="answered 3"):
            engine.fire(1)

    def test_an_agenda_that_is_not_worked_off_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        durable: Any = import_module("recommender.engine.durable")
        program = compile_rules([CompiledRule("r", (frozenset([MEASURED[0]]),))])
        engine = durable.DurableEngine(program)
        monkeypatch.setattr(durable.dre, "start_action_for_state", lambda *_: None)
        with pytest.raises(EngineError, match="agenda"):
            engine.fire(1)

    def test_threads_get_the_same_answers(self) -> None:
        recommender = Recommender(engine="durable")
        profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"]})
        expected = recommender.recommend(profile).to_json()
        wrong: list[str] = []

        def work() -> None:
            answers = [recommender.recommend(profile).to_json() for _ in range(40)]
            wrong.extend(answer for answer in answers if answer != expected)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


def test_asking_for_durable_rules_where_it_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.engine.durable_loads", lambda: False)
    program = compile_rules([])
    with pytest.raises(EngineError, match="plain engine"):
        make_engine(program, "durable")
    assert make_engine(program).name == "plain"


def test_rules_in_a_circle_are_named() -> None:
    first = CompiledRule("first", (frozenset([DERIVED[1]]),), DERIVED[0])
    second = CompiledRule("second", (frozenset([DERIVED[0]]),), DERIVED[1])
    with pytest.raises(CircularRules) as caught:
        compile_rules([first, second])
    assert set(caught.value.rules) == {"first", "second"}


def test_a_rule_with_too_many_ways_is_named() -> None:
    atoms = [Atom("marker", f"M{number}", "high") for number in range(60)]
    givers = [
        CompiledRule(f"g{fact}-{number}", (frozenset([atoms[fact * 20 + number]]),), DERIVED[fact])
        for fact in range(3)
        for number in range(20)
    ]
    top = CompiledRule("top", (frozenset(DERIVED[:3]),))
    with pytest.raises(TooManyWays, match="top"):
        measured_ways([*givers, top])


@pytest.mark.usefixtures("earlier_objects_aside")
def test_memory_is_flat() -> None:
    """A bound on live objects after many answers; bench/ measures the process over 100,000."""
    profile = Profile.parse(
        {"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"], "markers": {"FASN": "high"}}
    )
    for name in ENGINES:
        recommender = Recommender(engine=name)
        for _ in range(50):
            recommender.recommend(profile)
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(150):
            recommender.recommend(profile)
        gc.collect()
        assert len(gc.get_objects()) - before < 100
