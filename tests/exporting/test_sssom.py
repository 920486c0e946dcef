"""Ids as an SSSOM mapping set, checked against the schema of that format."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.commands import run
from support.generators import BASE
from support.places import DATA, EXAMPLE_PACK

from recommender import LABEL
from recommender.exporting.sssom import sssom

pytestmark = pytest.mark.once

SCHEMA = json.loads((DATA / "schemas" / "sssom-1.1.schema.json").read_text())


def read(text: str) -> dict[str, Any]:
    """A mapping set as SSSOM reads it: the header, and the rows without their empty cells."""
    lines = text.splitlines()
    header = [line[1:].partition(": ") for line in lines if line.startswith("#")]
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    value = {name: json.loads(written) for name, _, written in header}
    return {**value, "mappings": [{name: cell for name, cell in row.items() if cell} for row in rows]}


@pytest.fixture(scope="module")
def mapping_set() -> dict[str, Any]:
    return read(sssom(BASE))


def test_it_is_valid(mapping_set: dict[str, Any]) -> None:
    jsonschema.validate(mapping_set, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**mapping_set, "licence": "MIT"}, SCHEMA)


def test_a_reader_of_the_format_finds_every_row(mapping_set: dict[str, Any], tmp_path: Path) -> None:
    reader = pytest.importorskip("sssom_pydantic")
    file = tmp_path / "ids.sssom.tsv"
    file.write_text(sssom(BASE))
    found = reader.read(file)[0]
    assert len(found) == len(mapping_set["mappings"])
    assert {one.predicate.curie for one in found} == {"skos:exactMatch"}


def test_it_carries_the_label(mapping_set: dict[str, Any]) -> None:
    assert LABEL in mapping_set["comment"]


def test_every_prefix_is_explained(mapping_set: dict[str, Any]) -> None:
    used = {
        value.partition(":")[0]
        for row in mapping_set["mappings"]
        for name, value in row.items()
        if name.endswith(("_id", "_justification"))
    }
    assert used == set(mapping_set["curie_map"])


def test_every_id_is_there_once(mapping_set: dict[str, Any]) -> None:
    content = BASE.content
    parts = {part.name: part for add_on in content.add_ons for part in add_on.substances}
    records: list[Any] = [*content.therapies, *content.add_ons, *content.markers, *content.diseases]
    ids = [one.ids for one in (*records, *parts.values()) if one.ids]
    assert len(mapping_set["mappings"]) == sum(len(list(one.given())) for one in ids) > 800


def test_each_kind_is_mapped(mapping_set: dict[str, Any]) -> None:
    found = {(row["subject_id"], row["object_id"]) for row in mapping_set["mappings"]}
    assert ("ferrec:add-on.orlistat", "CHEBI:94686") in found
    assert ("ferrec:therapy.sorafenib", "CHEMBL.COMPOUND:CHEMBL1336") in found
    assert ("ferrec:substance.disulfiram", "PUBCHEM.COMPOUND:3117") in found
    assert ("ferrec:marker.KEAP1", "HGNC:23177") in found
    assert ("ferrec:disease.hcc", "MONDO:0007256") in found
    assert ("ferrec:disease.hcc", "ICDO:8170/3") in found
    assert ("ferrec:disease.hcc", "ICDO:8172/3") not in found  # a narrower one


def test_the_command_writes_it_with_the_packs(tmp_path: Path) -> None:
    file = tmp_path / "ids.tsv"
    assert run("export", "sssom", "-o", file).returncode == 0
    assert file.read_text() == sssom(BASE)
    done = run("export", "sssom", "--rules", EXAMPLE_PACK)
    assert re.search(r"^#comment: .*PRECLINICAL.*With rules of the pack", done.stdout.decode(), re.MULTILINE)
