"""Answers made where a test sends them: in other threads and in other processes."""

from functools import cache

from recommender import Profile, Recommender, Result


@cache
def _recommender() -> Recommender:
    return Recommender(engine="plain")


def answer(profile: Profile) -> Result:
    """Return the answer of the plain engine, of one recommender for each process."""
    return _recommender().recommend(profile)
