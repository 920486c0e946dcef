"""The rules by hand in Polars: how often each fires in a file of markers; nothing is scored or ranked."""

from pathlib import Path

from recommender import Recommender
from recommender.engine.atoms import Atom


def count_rules(source: Path, target: Path) -> None:
    """Count the profiles that fire each rule, in one lazy query over the file, and write the counts."""
    import polars as pl

    base = Recommender(engine="plain").base
    frame = pl.scan_parquet(source)
    columns = set(frame.collect_schema().names())
    texts = pl.read_parquet(source, columns=["therapies"])["therapies"].unique().to_list()
    lineages = {
        text: {
            therapy
            for part in text.split(";")
            for one in base.vocabulary.therapies_in(part.strip())[0]
            for therapy in base.vocabulary.lineage(one.id)
        }
        for text in texts
    }

    def holds(atom: Atom) -> pl.Expr:
        if atom.kind == "marker":
            return pl.col(atom.name) == atom.state if atom.name in columns else pl.lit(False)
        if atom.kind == "therapy":
            given = [text for text, lineage in lineages.items() if atom.name in lineage]
            return pl.col("therapies").is_in(given)
        return pl.lit(False)

    fires = [
        pl.any_horizontal(pl.all_horizontal(*map(holds, sorted(way))) for way in base.measured_ways(rule.id))
        .sum()
        .cast(pl.Int64)
        .alias(rule.id)
        for rule in base.content.rules
    ]
    frame.select(fires).collect(engine="streaming").write_parquet(target)
