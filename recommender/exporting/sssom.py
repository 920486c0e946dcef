"""What the vocabulary means in public databases, as a mapping set: SSSOM, a table with a header in YAML."""

import csv
import io
import json
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from .._label import DISCLAIMER, LABEL
from .._text import printable
from .._version import VERSION
from ..knowledge.base import KnowledgeBase
from ..knowledge.ids import DATABASES, Ids, curie

PREFIX = "ferrec"
"""The prefix of our own ids."""
_FOUND_BY_NAME = {"chebi", "drugbank", "hgnc", "mondo"}
"""Databases in which a name was looked up; ids of the others follow from their cross-references."""
_IRIS = {
    PREFIX: "urn:ferroptosis-recommender:",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


class Mapping(NamedTuple):
    """A row of the table: something of ours, and its entry in a database."""

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    comment: str


def sssom(base: KnowledgeBase, packs: str = "") -> str:
    """Return the ids of the vocabulary as an SSSOM mapping set; `packs` names the packs in it."""
    rows = sorted(set(mappings(base)))
    used = {row.object_id.partition(":")[0] for row in rows}
    iris = _IRIS | {one.prefix: one.iri for one in DATABASES.values() if one.prefix in used}
    header = {
        "sssom_version": "1.0",
        "mapping_set_id": f"{_IRIS[PREFIX]}ids",
        "mapping_set_version": base.info.version,
        "mapping_set_title": "Substances, genes and diseases of ferroptosis-recommender",
        "license": "https://spdx.org/licenses/MIT",
        "mapping_tool": "ferroptosis-recommender",
        "mapping_tool_version": VERSION,
        "comment": " ".join(part for part in (f"{LABEL}. {DISCLAIMER}", packs) if part),
        "curie_map": iris,
    }
    text = io.StringIO()
    for name, value in header.items():
        text.write(f"#{name}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}\n")
    write = csv.writer(text, delimiter="\t", lineterminator="\n")
    write.writerow(Mapping._fields)
    write.writerows(rows)
    return text.getvalue()


def mappings(base: KnowledgeBase) -> Iterator[Mapping]:
    """Yield each id of each therapy, add-on, marker and disease."""
    for therapy in base.content.therapies:
        yield from _mapped("therapy", therapy.id, therapy.name, therapy.ids)
    for add_on in base.content.add_ons:
        yield from _mapped("add-on", add_on.id, add_on.name, add_on.ids)
        for part in add_on.substances:
            yield from _mapped("substance", part.name, part.name, part.ids)
    for marker in base.content.markers:
        yield from _mapped("marker", marker.symbol, marker.symbol, marker.ids)
    for disease in base.content.diseases:
        yield from _mapped("disease", disease.id, disease.name, disease.ids)


def own_id(kind: str, name: str) -> str:
    """Return our id of something as a compact identifier.

    >>> own_id("substance", "copper(2+)")
    'ferrec:substance.copper%282%2B%29'
    """
    return f"{PREFIX}:{kind}.{quote(name, safe='')}"


def _mapped(kind: str, name: str, label: str, ids: Ids | None) -> Iterator[Mapping]:
    for database, written in ids.given() if ids else ():
        found = "LexicalMatching" if database in _FOUND_BY_NAME else "BackgroundKnowledgeBasedMatching"
        yield Mapping(
            subject_id=own_id(kind, name),
            subject_label=printable(label),
            predicate_id="skos:exactMatch",
            object_id=curie(database, printable(written)),
            mapping_justification=f"semapv:{found}",
            comment=printable(ids.note if ids else ""),
        )
