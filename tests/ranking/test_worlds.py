"""A tumour with further findings, worked out from the one without them, is that worked out anew."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from support.amounts import at_most
from support.generators import ASKED, BASE, profiles

from recommender import Profile
from recommender.engine.atoms import Atom
from recommender.engine.numbering import Numbering
from recommender.engine.plain import PlainEngine
from recommender.evaluation.facts import Facts, read_facts
from recommender.evaluation.proof import Proofs
from recommender.ranking.suggestions import Suggester
from recommender.ranking.worlds import World, Worlds
from recommender.states import axis_of

ENGINE = PlainEngine(BASE.program)
WORLDS = Worlds(BASE, Suggester(BASE))
steps = st.lists(st.lists(st.sampled_from(ASKED), max_size=4), min_size=1, max_size=3)


def anew(facts: Facts) -> World:
    """The tumour of all findings at once, with every rule fired."""
    fired = ENGINE.fire(BASE.program.mask(facts.sources(BASE)))
    return WORLDS.known(facts, Proofs(BASE, facts, fired))


@at_most(200)
@given(value=profiles(with_therapy=True), further=steps)
@example(  # an add-on is selected by one finding, and then by a finding of its target as well
    value={"therapies": ["sorafenib"]}, further=[[("GSTZ1", "deleted")], [("NFE2L2", "amplified")]]
)
def test_further_findings_give_what_all_of_them_at_once_give(
    value: dict[str, Any], further: list[list[tuple[str, str]]]
) -> None:
    facts = read_facts(Profile.parse(value), BASE)
    world = anew(facts)
    for named in further:
        known = set(facts.measured)
        found = {(name, axis_of(state)): state for name, state in named}
        new = [
            Atom("marker", name, state) for (name, axis), state in found.items() if (name, axis) not in known
        ]
        facts = facts.having(new)
        mask = BASE.numbering.mask(new)
        leaders = WORLDS.first(world, mask)
        world = WORLDS.having(world, mask)
        whole = anew(facts)
        assert world == whole
        assert leaders == WORLDS.first(world) == WORLDS.first(whole)
        best = min((one.rankable for one in whole.suggestions.values()), default=None)
        fired = list(whole.suggestions.values())
        assert leaders == [one for one in fired if one.rankable == best]  # in the order of what fired
    assert world == anew(facts)


def test_what_a_finding_does_not_touch_stays_the_same_object() -> None:
    given_ = {"therapies": ["sorafenib"], "markers": {"FASN": "high"}}
    world = anew(read_facts(Profile.parse(given_), BASE))
    wider = WORLDS.having(world, BASE.numbering.mask([Atom("marker", "GSTZ1", "low")]))
    same = [key for key, one in wider.suggestions.items() if world.suggestions.get(key) is one]
    assert ("rsl3", "sorafenib") not in same
    assert ("orlistat", "sorafenib") in same


def test_every_atom_that_a_rule_can_use_has_a_bit() -> None:
    numbering = BASE.numbering
    ways = [way for rule in BASE.rules for way in BASE.measured_ways(rule)]
    ways += [way for rule in BASE.support_ways for way in BASE.measured_support(rule)]
    for way in ways:
        assert numbering.way(numbering.mask(way)) == way
    assert numbering.mask(BASE.program.atoms) == BASE.program.mask(BASE.program.atoms)


@given(st.frozensets(st.sampled_from(ASKED), max_size=6))
def test_a_set_that_one_tumour_cannot_have_is_not_measurable(named: frozenset[tuple[str, str]]) -> None:
    numbering: Numbering = BASE.numbering
    mask = numbering.mask(Atom("marker", name, state) for name, state in named)
    axes = {(name, axis_of(state)) for name, state in named}
    assert numbering.is_measurable(mask) == (len(axes) == len(named))
    assert not numbering.is_measurable(mask | numbering.mask([Atom("therapy", "sorafenib")]))
