"""Cited papers in a result."""

from support.generators import BASE

from recommender import Profile, Recommender
from recommender.knowledge.models import Reference
from recommender.result.references import reference

CASE = {"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"]}


def test_a_paper_carries_its_id_in_pubmed_and_how_much_of_it_was_read() -> None:
    shown = reference(BASE.references[79])
    assert (shown.id, shown.number, shown.pmid, shown.read) == ("review:79", 79, "26403645", "abstract")


def test_what_is_not_on_record_is_left_out(recommender: Recommender) -> None:
    plain = Reference(number=1, type="article-journal", title="A", authors=(), journal="J", year=2020)
    assert not {"pmid", "read"} & set(vars(reference(plain)))
    found = recommender.recommend(Profile.parse(CASE))
    (nrf2,) = [one for one in found.to_dict()["recommendations"] if one["add_on"]["id"] == "nrf2-inhibition"]
    assert [(one["id"], one["pmid"], one["read"]) for one in nrf2["references"]] == [
        ("review:79", "26403645", "abstract")
    ]
