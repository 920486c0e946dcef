"""Conditions to ways, and rules to stages: what is refused, at which edge, and with which words."""

from typing import Any

import pytest

from recommender.engine.atoms import MAX_WAYS, Atom, Way, minimal
from recommender.engine.program import (
    MAX_STAGES,
    CircularRules,
    CompiledRule,
    TooDeep,
    TooManyWays,
    compile_rules,
    measured_ways,
)
from recommender.knowledge.conditions import ConditionFault, ways_of
from recommender.ranking.acceptability import MAX_ITEMS, Acceptability


def marker(name: str, state: str = "high") -> Atom:
    return Atom("marker", name, state)


def fact(number: int) -> Atom:
    return Atom("fact", f"F{number}", "active")


def one_of(count: int, name: str) -> dict[str, Any]:
    return {"any_of": [{f"{name}{number}": "high"} for number in range(count)]}


def test_every_form_of_a_condition() -> None:
    assert ways_of([], ()) == [frozenset()]
    assert ways_of([{"A": "high"}, {"B": ["low", "normal"]}], ()) == [
        frozenset([marker("A"), marker("B", "low")]),
        frozenset([marker("A"), marker("B", "normal")]),
    ]
    assert ways_of([{"therapy": "t"}], ()) == [frozenset([Atom("therapy", "t")])]
    assert ways_of([{"resistant_to": ["t", "u"]}], ()) == [
        frozenset([Atom("resistant", "t")]),
        frozenset([Atom("resistant", "u")]),
    ]
    assert ways_of([{"F": "active"}, {"A": "high"}], ["F"]) == [
        frozenset([Atom("fact", "F", "active"), marker("A")])
    ]
    either = {"any_of": [{"A": "high"}, {"all_of": [{"B": "high"}, {"C": "high"}]}]}
    assert ways_of([either], ()) == [frozenset([marker("A")]), frozenset([marker("B"), marker("C")])]


@pytest.mark.parametrize(
    ("conditions", "path", "words", "hint"),
    [
        ([{"A": "high", "B": "low"}], (0,), "a condition has exactly one key", "Make it an item of its own."),
        ([{"A": "high"}, "B"], (1,), "a condition has exactly one key", "Make it an item of its own."),
        ([{"any_of": []}], (0, "any_of"), "any_of needs a list of conditions", ""),
        ([{"all_of": {"A": "high"}}], (0, "all_of"), "all_of needs a list of conditions", ""),
        ([{"any_of": ["A"]}], (0, "any_of"), "any_of needs a list of conditions", ""),
        (
            [{"any_of": [{"A": "high"}, {"B": 1}]}],
            (0, "any_of", 1, "B"),
            "B needs a word or a list of words",
            "",
        ),
        (
            [{"all_of": [{"A": "high"}, {"B": []}]}],
            (0, "all_of", 1, "B"),
            "B needs a word or a list of words",
            "",
        ),
        (
            [{"any_of": [{"A": "high"}, {"unless": "B"}]}],
            (0, "any_of", 1, "unless"),
            "there is no unless: conditions are positive",
            "Ask for what was measured.",
        ),
        (
            [{"not": "A"}],
            (0, "not"),
            "there is no not: conditions are positive",
            "Ask for what was measured.",
        ),
        (
            [{"none_of": "A"}],
            (0, "none_of"),
            "there is no none_of: conditions are positive",
            "Ask for what was measured.",
        ),
        ([{"A": ["high", 1]}], (0, "A"), "A needs a word or a list of words", ""),
        ([one_of(16, "A"), one_of(17, "B")], (), "more than 256 ways to be met", "Split the rule."),
        (
            [{"all_of": [one_of(257, "A")]}],
            (0, "all_of"),
            "more than 256 ways to be met",
            "Split the rule.",
        ),
    ],
)
def test_what_is_no_condition_is_told_with_its_place(
    conditions: list[Any], path: tuple[str | int, ...], words: str, hint: str
) -> None:
    with pytest.raises(ConditionFault) as caught:
        ways_of(conditions, ())
    assert (caught.value.path, str(caught.value), caught.value.hint) == (path, words, hint)


def test_as_many_ways_as_there_may_be() -> None:
    assert len(ways_of([one_of(16, "A"), one_of(16, "B")], ())) == MAX_WAYS == 256


def test_of_ways_the_smallest_are_kept_in_order() -> None:
    a, b, c = marker("A"), marker("B"), marker("C")
    ways: list[Way] = [frozenset([c, b]), frozenset([b, a]), frozenset([c]), frozenset([b, a])]
    assert minimal(ways) == [frozenset([c]), frozenset([a, b])]
    assert minimal([frozenset([a, b]), frozenset()]) == [frozenset()]
    assert minimal([]) == []


def test_atoms_in_words() -> None:
    assert str(Atom("resistant", "sorafenib")) == "resistant to sorafenib"
    assert str(Atom("therapy", "sorafenib")) == "sorafenib"
    assert str(marker("FASN")) == "FASN high"


def chain(length: int) -> list[CompiledRule]:
    """Rules of which each asks for the fact of the one before."""
    first = CompiledRule("r0", (frozenset([marker("A")]),), fact(0))
    return [
        first,
        *(CompiledRule(f"r{n}", (frozenset([fact(n - 1)]),), fact(n)) for n in range(1, length)),
    ]


def test_a_stage_for_each_fact_that_stands_on_another() -> None:
    rules = [*reversed(chain(3)), CompiledRule("last", (frozenset([fact(2), marker("B")]),))]
    program = compile_rules(rules)
    assert [[program.clauses[at].rule for at in stage] for stage in program.stages] == [
        ["r0"],
        ["r1"],
        ["r2"],
        ["last"],
    ]
    assert compile_rules([]).stages == ()


def test_the_sets_of_a_program_are_its_atoms() -> None:
    program = compile_rules(chain(3))
    every = [marker("A"), fact(0), fact(1), fact(2)]
    mask = program.mask([*every, marker("nobody asks")])
    assert set(program.members(mask)) == set(every)
    assert program.members(0) == []
    for clause in program.clauses:
        assert [program.number[atom] for atom in program.members(clause.needs)] == list(clause.atoms)
    assert [program.members(clause.gives) for clause in program.clauses] == [[fact(0)], [fact(1)], [fact(2)]]


def test_a_chain_as_long_as_there_may_be_and_one_longer() -> None:
    end = CompiledRule("end", (frozenset([fact(MAX_STAGES - 1)]),))
    assert len(compile_rules([*chain(MAX_STAGES), end]).stages) == 1 + MAX_STAGES == 101
    longer = [*chain(MAX_STAGES + 1), CompiledRule("end", (frozenset([fact(MAX_STAGES)]),))]
    for rules in (longer, longer[::-1]):
        with pytest.raises(TooDeep) as caught:
            compile_rules(rules)
        assert caught.value.rule == f"r{MAX_STAGES}"
        assert str(caught.value) == "r100 ends a chain of more than 100 derived facts"


def test_a_circle_is_told_from_where_it_is_met() -> None:
    rules = [
        CompiledRule("into", (frozenset([fact(1)]),), fact(0)),
        CompiledRule("there", (frozenset([fact(2)]),), fact(1)),
        CompiledRule("back", (frozenset([fact(1)]), frozenset([marker("A")])), fact(2)),
        CompiledRule("no part", (frozenset([marker("A")]),), fact(2)),
    ]
    with pytest.raises(CircularRules) as caught:
        compile_rules(rules)
    assert caught.value.rules == ("there", "back")
    assert str(caught.value) == "these rules derive facts in a circle: there, back"


def many(name: str, count: int, gives: Atom | None) -> CompiledRule:
    return CompiledRule(name, tuple(frozenset([marker(f"{name}{n}")]) for n in range(count)), gives)


def test_ways_are_unfolded_to_what_is_measured() -> None:
    rules = [
        many("a", 2, fact(0)),
        CompiledRule("b", (frozenset([fact(0), marker("B")]), frozenset([fact(9)])), fact(1)),
        CompiledRule("c", (frozenset([fact(1), fact(0)]),)),
    ]
    both = [frozenset([marker("B"), marker("a0")]), frozenset([marker("B"), marker("a1")])]
    found = measured_ways(rules)
    assert found["a"] == [frozenset([marker("a0")]), frozenset([marker("a1")])]
    assert found["b"] == both, "nothing derives the other fact"
    assert found["c"] == both


@pytest.mark.parametrize(("first", "refused"), [(16, ""), (17, "c")])
def test_as_many_unfolded_ways_as_there_may_be_and_one_more(first: int, refused: str) -> None:
    both = CompiledRule("c", (frozenset([fact(0), fact(1)]),))
    rules = [many("a", first, fact(0)), many("b", 16, fact(1)), both]
    if not refused:
        assert len(measured_ways(rules)["c"]) == MAX_WAYS
    else:
        with pytest.raises(TooManyWays) as caught:
            measured_ways(rules)
        assert caught.value.rule == refused
        assert str(caught.value) == "c can be met by more than 256 sets of findings"


def test_ways_of_several_alternatives_count_together() -> None:
    either = CompiledRule("c", (frozenset([fact(0)]), frozenset([fact(1)])))
    assert len(measured_ways([many("a", 128, fact(0)), many("b", 128, fact(1)), either])["c"]) == MAX_WAYS
    with pytest.raises(TooManyWays, match="c can be met"):
        measured_ways([many("a", 128, fact(0)), many("b", 129, fact(1)), either])


def test_as_many_rivals_as_fit_into_a_byte() -> None:
    items = [(number, 0) for number in range(MAX_ITEMS)]
    found = Acceptability(2, 100, 1).of_ranks([items[0], *items[1:]], [MAX_ITEMS] * MAX_ITEMS)
    assert (MAX_ITEMS, found[0], found[-1]) == (256, 1.0, 0.0)
    with pytest.raises(AssertionError):
        Acceptability(2, 100, 1).of_ranks([*items, (1, 1)], [1] * (MAX_ITEMS + 1))
