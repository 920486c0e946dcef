"""What rules assert, in the normal form."""

from pathlib import Path

import pytest
from support.packs import pack_with

from recommender import Recommender
from recommender.knowledge.assertions import AssertedOf, Assertion, assertion_in_words, assertions, paper_of

pytestmark = pytest.mark.once

HIGH = Assertion(AssertedOf("finding", ("FGFR4 high",)), "lenvatinib", "sensitises", "p")
LOW = Assertion(AssertedOf("finding", ("FGFR4 low",)), "lenvatinib", "resists", "p")


def test_every_rule_that_cites_evidence_asserts_something_and_no_other_does(recommender: Recommender) -> None:
    base = recommender.base
    asserting = {rule for rules in assertions(base).values() for rule in rules}
    assert asserting == {one.id for one in base.content.rules if one.kind not in ("disputed", "caution")}


def test_each_assertion_cites_a_paper_and_a_therapy_of_its_rules(recommender: Recommender) -> None:
    base = recommender.base
    made = [(one, base.rules[name]) for one, rules in assertions(base).items() for name in rules]
    papers = [{paper_of(base.references[number]) for number in rule.references} for _, rule in made]
    assert all(one.paper in cited for (one, _), cited in zip(made, papers, strict=True))
    assert all(one.therapy in (rule.therapies or ("",)) for one, rule in made)


def test_states_that_say_the_same_are_written_alike(recommender: Recommender) -> None:
    found = [
        one for one, rules in assertions(recommender.base).items() if "fgfr4-high-favours-lenvatinib" in rules
    ]
    assert [(one.subject, one.direction) for one in found] == [(HIGH.subject, "sensitises")]


def test_the_opposite_finding_with_the_opposite_direction_has_the_same_core() -> None:
    assert HIGH.core == LOW.core
    assert HIGH.core != LOW._replace(direction="sensitises").core
    together = HIGH._replace(subject=AssertedOf("finding", ("A low", "B high")))
    assert together.core == (together.subject, "sensitises")


def test_a_context_about_an_agent_that_is_an_add_on_is_about_the_add_on(tmp_path: Path) -> None:
    pack = pack_with(
        tmp_path / "pack",
        """
rules:
  - id: local-agent
    kind: context
    title: An agent
    since: "1"
    therapy: [sorafenib]
    when: [{FASN: [high, positive]}, {any_of: [{TP53: mutated}, {TP53: deleted}]}]
    effect: sensitises
    agent: Orlistat
    text: A made-up text of a context.
    mechanism: A made-up mechanism of it.
    evidence: {references: [101], level: cells, models: [x], tumour_types: [gastric-cancer], basis: abstract}
    examples:
      fires: [{therapies: [sorafenib]}]
      near_misses: [{therapies: [lenvatinib]}]
""",
    )
    base = Recommender(rules=[pack], engine="plain").base
    (one,) = [one for one, rules in assertions(base).items() if rules == ("local-agent",)]
    assert one.subject == AssertedOf("add-on", ("orlistat",))
    assert one.given == ("FASN high and TP53 low", "FASN high and TP53 mutated")
    assert assertion_in_words(one, base) == (
        "orlistat + sorafenib: sensitises (where FASN high and TP53 low or FASN high and TP53 mutated;"
        " in gastric cancer)"
    )
