"""Phenopackets to import, and what is looked for in what was read."""

import json
from pathlib import Path
from typing import Any

from recommender import Profile
from recommender.importing import Imported
from support.places import EXAMPLES
from support.studies import imported

EXAMPLE = json.loads((EXAMPLES / "phenopacket.json").read_text())


def read(folder: Path, packet: Any) -> Imported:
    """What is read of a phenopacket: a text, or what becomes one in JSON."""
    return imported(folder, "packet.json", packet if isinstance(packet, str) else json.dumps(packet))


def packet(**parts: Any) -> dict[str, Any]:
    return {
        "id": "x",
        "subject": {"id": "patient"},
        "biosamples": [{"id": "tumour"}],
        "medicalActions": [{"treatment": {"agent": {"label": "sorafenib"}}}],
        **parts,
    }


def liver_packet(**parts: Any) -> dict[str, Any]:
    """A packet of a tumour of the liver, without therapies."""
    return {
        "id": "pk",
        "subject": {"id": "pat"},
        "biosamples": [{"id": "tum", "sampledTissue": {"label": "liver"}}],
        "metaData": {"phenopacketSchemaVersion": "2.0"},
        **parts,
    }


def variant(**parts: Any) -> dict[str, Any]:
    descriptor = {"geneContext": {"valueId": "HGNC:11998", "symbol": "TP53"}, **parts.pop("descriptor", {})}
    found = {
        "subjectOrBiosampleId": "tumour",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {"variationDescriptor": descriptor},
        **parts,
    }
    return {"interpretations": [{"id": "i", "diagnosis": {"genomicInterpretations": [found]}}]}


def only(found: Imported) -> Profile:
    (profile,) = found.profiles
    return profile
