"""A cohort to rank, and what the library answers for each of its tumours."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender.cohort.plan import hash_of

PARTS = ("marker_match", "partner_match", "evidence", "actionability", "penalty")


def rejects_of(output: Path) -> list[Any]:
    """The rows that a run left out, which are next to what it wrote."""
    text = output.with_name(f"{output.stem}.rejects.ndjson").read_text()
    return [json.loads(line) for line in text.splitlines()]


def expected(recommender: Recommender, profile: Profile, **asked: Any) -> list[dict[str, Any]]:
    result = recommender.recommend(profile, brief=True, **asked)
    return [
        {
            "profile_id": profile.id,
            "rank": one.rank,
            "recommendation_id": one.id,
            "add_on": one.add_on.name,
            "partner": one.partner,
            "score": one.score,
            **{name: getattr(one.score_parts, name) for name in PARTS},
            "extrapolated": one.extrapolated,
            "group": one.group,
            "held_back_because": [held.reason for held in one.held_back_because or ()],
            "rules": [rule.id for rule in one.rules],
            "label": LABEL,
            "disclaimer": DISCLAIMER,
            "rule_base_sha256": hash_of(recommender.base),
        }
        for one in result.recommendations
    ]


def with_ids(values: list[dict[str, Any]]) -> list[Profile]:
    return [Profile.parse({**value, "id": f"p{at}"}) for at, value in enumerate(values)]


def as_table(values: list[dict[str, Any]]) -> Any:
    """Profiles as a wide table: a column for each marker, mutations and therapies as texts or lists."""
    names = sorted({name for value in values for name in value["markers"]})
    columns: dict[str, Any] = {
        "id": pa.array([f"p{at}" for at in range(len(values))]),
        "disease": pa.array([value["disease"] for value in values]),
        "therapies": pa.array([value["therapies"] for value in values], pa.list_(pa.string())),
        "resistant_to": pa.array(["; ".join(value["resistant_to"]) for value in values]),
        "mutations": pa.array(
            ["; ".join(f"{one['gene']} {one['state']}" for one in value["mutations"]) for value in values]
        ),
    }
    for name in names:
        found = [_listed(value["markers"].get(name)) for value in values]
        for at in range(max(map(len, found))):
            column = pa.array([states[at] if at < len(states) else None for states in found], pa.string())
            columns[name + " " * at] = column.dictionary_encode() if len(name) % 2 else column
    return pa.RecordBatch.from_pydict(columns)


def _listed(given: Any) -> list[str]:
    """The findings of a marker, each of which has a column of its own in a table."""
    return [] if given is None else given if isinstance(given, list) else [given]


def cohort(folder: Path, rows: int = 300, name: str = "cohort.parquet", *, first: int = 0) -> Path:
    """A cohort in Parquet, whose ids begin with the number `first`."""
    markers = ["high", "low", "normal", None]
    table = pa.table(
        {
            "id": [f"t{first + at}" for at in range(rows)],
            "disease": ["HCC" if at % 7 else "FLC" for at in range(rows)],
            "therapies": [["sorafenib"], ["lenvatinib"], [], ["SBRT"]][0:4] * (rows // 4)
            + [["sorafenib"]] * (rows % 4),
            "FASN": [markers[at % 4] for at in range(rows)],
            "HBV": ["positive" if at % 3 else "negative" for at in range(rows)],
            "GSTZ1 z": [at % 9 - 4.5 for at in range(rows)],
        }
    )
    path = folder / name
    pq.write_table(table, path)
    return path
