"""Where a page may lead: to papers, to entries of databases, and to the pages that the knowledge cites."""

from support.generators import BASE

_ENTRIES = (
    "https://doi.org/10.",
    "https://pubmed.ncbi.nlm.nih.gov/",
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC",
    "https://bioregistry.io/",
)
_CITED = {source.url for source in BASE.sources.values()}


def is_known(address: str) -> bool:
    """True for what the knowledge names."""
    return address.startswith(_ENTRIES) or address in _CITED
