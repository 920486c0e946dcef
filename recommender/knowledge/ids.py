"""Ids in public databases: which databases there are, how an id of each is written, and where it leads."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from .records import Record

_BIOREGISTRY = "https://bioregistry.io/"
_OBO = "http://purl.obolibrary.org/obo/"


class Database(NamedTuple):
    """A public database: its name, its prefix in compact identifiers (CURIEs), and what that stands for."""

    name: str
    prefix: str
    iri: str


DATABASES = {
    "chebi": Database("ChEBI", "CHEBI", f"{_OBO}CHEBI_"),
    "chembl": Database("ChEMBL", "CHEMBL.COMPOUND", f"{_BIOREGISTRY}chembl.compound:"),
    "pubchem": Database("PubChem", "PUBCHEM.COMPOUND", f"{_BIOREGISTRY}pubchem.compound:"),
    "drugbank": Database("DrugBank", "DRUGBANK", f"{_BIOREGISTRY}drugbank:"),
    "hgnc": Database("HGNC", "HGNC", f"{_BIOREGISTRY}hgnc:"),
    "ncbigene": Database("NCBI Gene", "NCBIGene", f"{_BIOREGISTRY}ncbigene:"),
    "mondo": Database("MONDO", "MONDO", f"{_OBO}MONDO_"),
    "ncit": Database("NCIT", "NCIT", f"{_OBO}NCIT_"),
    "doid": Database("DOID", "DOID", f"{_OBO}DOID_"),
    "oncotree": Database("OncoTree", "ONCOTREE", f"{_BIOREGISTRY}oncotree:"),
    "icdo": Database("ICD-O", "ICDO", f"{_BIOREGISTRY}icdo:"),
}
"""Each database by its field in a set of ids."""


class Ids(Record):
    """Ids of one thing, each found in a table of its database."""

    chebi: Annotated[str, StringConstraints(pattern=r"^CHEBI:[0-9]+$")] | None = Field(
        default=None, description="Id in ChEBI."
    )
    chembl: Annotated[str, StringConstraints(pattern=r"^CHEMBL[0-9]+$")] | None = Field(
        default=None, description="Id in ChEMBL."
    )
    pubchem: Annotated[str, StringConstraints(pattern=r"^[0-9]+$")] | None = Field(
        default=None, description="Number of the compound (CID) in PubChem."
    )
    drugbank: Annotated[str, StringConstraints(pattern=r"^DB[0-9]{5}$")] | None = Field(
        default=None, description="Id in DrugBank."
    )
    hgnc: Annotated[str, StringConstraints(pattern=r"^HGNC:[0-9]+$")] | None = Field(
        default=None, description="Id in HGNC."
    )
    ncbigene: Annotated[str, StringConstraints(pattern=r"^[0-9]+$")] | None = Field(
        default=None, description="Id in NCBI Gene (Entrez)."
    )
    mondo: Annotated[str, StringConstraints(pattern=r"^MONDO:[0-9]{7}$")] | None = Field(
        default=None, description="Id in MONDO."
    )
    ncit: Annotated[str, StringConstraints(pattern=r"^NCIT:C[0-9]+$")] | None = Field(
        default=None, description="Id in NCI Thesaurus."
    )
    doid: Annotated[str, StringConstraints(pattern=r"^DOID:[0-9]+$")] | None = Field(
        default=None, description="Id in Disease Ontology."
    )
    oncotree: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]+$")] | None = Field(
        default=None, description="Id in OncoTree."
    )
    icdo: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}/[0-9]$")] | None = Field(
        default=None, description="Code in ICD-O, morphology and behaviour."
    )
    note: str = Field(default="", description="Where two sources disagree.")

    def given(self) -> Iterator[tuple[str, str]]:
        """Yield each id that there is, with the field of its database."""
        for name in DATABASES:
            found = getattr(self, name)
            if found is not None:
                yield name, found


def curie(database: str, written: str) -> str:
    """Return an id as a compact identifier.

    >>> curie("mondo", "MONDO:0000001"), curie("ncbigene", "1")
    ('MONDO:0000001', 'NCBIGene:1')
    """
    prefix = DATABASES[database].prefix
    return written if written.startswith(f"{prefix}:") else f"{prefix}:{written}"


def address(database: str, written: str) -> str:
    """Return the address that leads to the entry of an id, by way of the Bioregistry.

    >>> address("mondo", "MONDO:0000001")
    'https://bioregistry.io/mondo:0000001'
    """
    prefix, _, local = curie(database, written).partition(":")
    return f"{_BIOREGISTRY}{prefix.lower()}:{local}"
