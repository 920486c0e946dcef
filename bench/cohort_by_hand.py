"""The job of a cohort as one DuckDB statement over the file itself: the near-limit for `cohort.py`.

The conditions are those of the rule base; everything around them is written for this one file: no
checks, no rejects, no notices, no batches.
"""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from recommender import DISCLAIMER, LABEL, Recommender
from recommender.cohort.plan import Plan
from recommender.knowledge.ranking_models import GROUPS, HOLD_REASONS
from recommender.knowledge.suggestion_ids import suggestion_id
from recommender.states import AXES


def statement(source: Path, target: Path) -> None:
    """Rank a Parquet file of markers and write the ranked rows."""
    base = Recommender(engine="plain").base
    plan = Plan(base)
    layout = plan.layout
    names = set(pq.read_schema(source).names)
    codes = []
    for (marker, axis), column in layout.finding.items():
        whens = " ".join(f"WHEN '{state}' THEN {at}" for at, state in enumerate(AXES[axis], 1))
        value = f'CASE "{marker}" {whens} ELSE 0 END::TINYINT' if marker in names else "0::TINYINT"
        codes.append(f"{value} AS {column}")
    known = base.vocabulary.therapies_in
    texts = [text for (text,) in duckdb.execute(f"SELECT DISTINCT therapies FROM '{source}'").fetchall()]
    given = {
        text: sorted(one.id for part in text.split(";") for one in known(part.strip())[0]) for text in texts
    }
    number = {therapy: at for at, therapy in enumerate(layout.partners)}
    lists = " ".join(
        f"WHEN '{text}' THEN {[number[one] for one in ids]}::SMALLINT[]" for text, ids in given.items()
    )
    atoms = []
    for atom, column in layout.atom.items():
        lineage = base.vocabulary.lineage
        true = [f"'{text}'" for text, ids in given.items() if any(atom.name in lineage(one) for one in ids)]
        holds = f"therapies IN ({', '.join(true)})" if true and atom.kind == "therapy" else "false"
        atoms.append(f"{holds} AS {column}")
    connection = duckdb.connect()
    candidates = ", ".join(
        str((*one[:9], *one.masks, *one.holds)).replace("True", "true").replace("False", "false")
        for one in plan.candidates
    )
    bits = [f"mask{at}" for at in range(len(plan.points))] + [f"hold{at}" for at in range(len(plan.reasons))]
    connection.execute(
        "CREATE TABLE candidates (partner SMALLINT, slot INTEGER, pair INTEGER, extrapolated BOOLEAN, "
        "partner_match INTEGER, evidence INTEGER, actionability INTEGER, fixed_penalty INTEGER, "
        f"fixed_held INTEGER, {', '.join(f'{one} UBIGINT' for one in bits)})"
    )
    connection.execute(f"INSERT INTO candidates VALUES {candidates}")
    connection.execute(
        "CREATE TABLE pairs (pair INTEGER, recommendation_id VARCHAR, add_on VARCHAR, partner VARCHAR)"
    )
    vocabulary = base.vocabulary.therapies
    for at, (add_on, partner) in enumerate(plan.pairs):
        row = [at, suggestion_id(add_on, partner), base.add_ons[add_on].name, vocabulary[partner].name]
        connection.execute("INSERT INTO pairs VALUES (?, ?, ?, ?)", row)
    rules = [rule.id for rule in plan.strategies]
    query = plan.query.replace("row_number", "profile_id")
    columns = ", ".join(codes + atoms)
    partners = f"CASE therapies {lists} END AS partners"
    profiles = f"SELECT id AS profile_id, {partners}, true AS ranks, {columns} FROM '{source}'"
    query = query.replace("FROM profiles", f"FROM ({profiles}) AS profiles")
    named = f"list_transform(slots, lambda s: {rules}[s + 1]) AS rules"
    parts = "marker_match, partner_match, evidence, actionability, penalty, extrapolated"
    held = f"list_filter({list(HOLD_REASONS)}, lambda one, place: (held >> (place - 1)) & 1 = 1)"
    select = (
        f"SELECT profile_id, rank, recommendation_id, add_on, partner, total / 100 AS score, {parts}, "
        f'{list(GROUPS)}[tier + 1] AS "group", {held} AS held_back_because, {named}, '
        f"'{LABEL}' AS label, '{DISCLAIMER}' AS disclaimer, '{base.sha256}' AS rule_base_sha256"
    )
    connection.execute(
        f"COPY ({select} FROM ({query}) JOIN pairs USING (pair)) TO '{target}' (FORMAT parquet)"
    )
