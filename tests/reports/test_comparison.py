"""What a change did to an answer, in words."""

from recommender import Profile, Recommender
from recommender.reports.comparison import comparison


def test_a_change_of_the_therapy_takes_the_cautions_on_it_along() -> None:
    recommender = Recommender(engine="plain")
    before, after = (
        recommender.recommend(Profile.parse({"disease": "HCC", "therapies": [name]}))
        for name in ("sorafenib", "lenvatinib")
    )
    found = comparison(before, after, recommender.base).others
    assert ("Caution gone", "Sorafenib does not reliably induce ferroptosis") in found
    assert not any(heading == "New caution" for heading, _ in found)
    back = comparison(after, before, recommender.base).others
    assert ("New caution", "Sorafenib does not reliably induce ferroptosis") in back
