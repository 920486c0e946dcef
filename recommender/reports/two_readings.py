"""One case read twice: by the papers, and by the review as it is printed."""

from functools import cache
from typing import NamedTuple

from ..knowledge.loading import shipped_readings
from ..knowledge.models import AuditFinding
from ..knowledge.reading_models import AnotherReading
from ..profile import Profile
from ..recommender import Recommender
from ..result.model import Result


class RankedTwice(NamedTuple):
    """An add-on and its rank in either reading; None where that reading does not rank it."""

    add_on: str
    audited: int | None
    printed: int | None
    findings: tuple[str, ...]
    """The findings of the audit because of which only one reading ranks it."""


class TwoReadings(NamedTuple):
    """The ranking of a case by the papers and by the review as printed, and what parts them."""

    warning: str
    ranking: tuple[RankedTwice, ...]
    findings: tuple[AuditFinding, ...]


def two_readings(audited: Result, profile: Profile) -> TwoReadings | None:
    """Return how the review as printed ranks a case that was answered; None where it is not shipped."""
    recommender = _reading()
    if recommender is None:
        return None
    reading = recommender.base.content.reading
    assert reading is not None
    printed = recommender.recommend(profile, brief=True)
    rows = _rows(audited, printed, reading)
    named = sorted({finding for row in rows for finding in row.findings})
    return TwoReadings(reading.warning, rows, tuple(recommender.base.audit[one] for one in named))


@cache
def _reading() -> Recommender | None:
    """A recommender with the review as printed, which nothing but a comparison may use."""
    base = next(iter(shipped_readings().values()), None)
    return Recommender(base=base, engine="plain") if base is not None else None


def _rows(audited: Result, printed: Result, reading: AnotherReading) -> tuple[RankedTwice, ...]:
    of_rule = {rule: one.finding for one in reading.findings for rule in (*one.printed, *one.audited)}
    ranks = [{one.id: one.rank for one in result.recommendations} for result in (audited, printed)]
    rows = {}
    for one in (*audited.recommendations, *printed.recommendations):
        both = all(one.id in known for known in ranks)
        found = () if both else tuple(of_rule[rule.id] for rule in one.rules if rule.id in of_rule)
        name = f"{one.add_on.name} {one.place}"
        by_papers, by_review = (known.get(one.id) for known in ranks)
        rows[one.id] = RankedTwice(name, by_papers, by_review, tuple(dict.fromkeys(found)))
    return tuple(rows.values())
