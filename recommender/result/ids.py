"""Ids in public databases as the reader of an answer sees them."""

from .._values import Value
from ..knowledge.ids import DATABASES, Ids


class IdsView(Value):
    """Ids in public databases, each found in a table of its database. Where there is none, it is left out."""

    _left_out = frozenset({*DATABASES, "note"})
    chebi: str | None = None
    """Id in ChEBI."""
    chembl: str | None = None
    """Id in ChEMBL."""
    pubchem: str | None = None
    """Number of the compound (CID) in PubChem."""
    drugbank: str | None = None
    """Id in DrugBank."""
    hgnc: str | None = None
    """Id in HGNC."""
    ncbigene: str | None = None
    """Id in NCBI Gene (Entrez)."""
    mondo: str | None = None
    """Id in MONDO."""
    ncit: str | None = None
    """Id in NCI Thesaurus."""
    doid: str | None = None
    """Id in Disease Ontology."""
    oncotree: str | None = None
    """Id in OncoTree."""
    icdo: str | None = None
    """Code in ICD-O, morphology and behaviour."""
    note: str | None = None
    """Where two sources disagree."""


class SubstanceView(Value):
    """A substance of an add-on that is a combination or a class."""

    name: str
    """Its name."""
    ids: IdsView
    """Its ids in public databases."""


def ids_view(ids: Ids) -> IdsView:
    """Return ids as the reader sees them."""
    return IdsView(**dict(ids.given()), note=ids.note or None)
