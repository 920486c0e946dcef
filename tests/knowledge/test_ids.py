"""Ids in public databases: their prefixes, and the form of each id."""

import re
from typing import Any

import pytest
from support.generators import BASE

from recommender.knowledge.ids import DATABASES, Ids, address, curie

# In one worker, for the registry takes long to import.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("ids")]


@pytest.fixture(scope="module")
def bioregistry() -> Any:
    return pytest.importorskip("bioregistry")


def test_each_database_is_a_field_of_the_ids() -> None:
    assert {*DATABASES, "note"} == set(Ids.model_fields)


@pytest.mark.parametrize("database", DATABASES)
def test_every_prefix_is_registered(bioregistry: Any, database: str) -> None:
    prefix = DATABASES[database].prefix
    assert bioregistry.normalize_prefix(prefix), prefix


def test_every_id_has_the_form_of_its_database(bioregistry: Any) -> None:
    content = BASE.content
    parts = [part for add_on in content.add_ons for part in add_on.substances]
    records: list[Any] = [*content.therapies, *content.add_ons, *content.markers, *content.diseases, *parts]
    given = [pair for one in records if one.ids for pair in one.ids.given()]
    assert {database for database, _ in given} == set(DATABASES)
    for database, written in given:
        prefix, _, local = curie(database, written).partition(":")
        pattern = bioregistry.get_pattern(bioregistry.normalize_prefix(prefix)) or ".+"
        assert re.fullmatch(pattern, local), (database, written)
        assert address(database, written).endswith(local)


def test_no_two_records_share_an_id() -> None:
    for records in (
        BASE.content.therapies,
        BASE.content.add_ons,
        BASE.content.markers,
        BASE.content.diseases,
    ):
        given = [pair for one in records if one.ids for pair in one.ids.given()]
        assert len(given) == len(set(given))
