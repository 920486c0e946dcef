"""Names that a pack may not change: the meaning of any name in the rules that it is laid over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel

from .._errors import Path, Problem
from .._text import fold, one_of
from .models import AmbiguousAlias
from .placing import RECORDS, Placed
from .rule_file import RuleFile
from .vocabulary import JOINING, disease_spellings, marker_spellings, therapy_spellings

WHAT_TO_DO = "Choose another name, or propose a correction of that record; a pack may not change it."


class _Claim(NamedTuple):
    """A record that gives names a meaning."""

    section: str
    at: int
    names: tuple[str, ...]
    meaning: str
    pack: str = ""


class Overlaid(NamedTuple):
    """The problems of names that a pack gives another meaning, and those names, folded."""

    problems: list[Problem]
    names: set[str]


def overlaid(content: RuleFile, placed: Placed) -> Overlaid:
    """Return what a pack says about names that have a meaning in the shipped rules or in an earlier pack."""
    found = Overlaid([], set())
    order = {pack: number for number, pack in enumerate(dict.fromkeys(placed.packs.values()))}

    def in_order(claims: Iterable[_Claim]) -> list[_Claim]:
        owned = [one._replace(pack=placed.packs[one.section, one.at]) for one in claims]
        return sorted(owned, key=lambda one: order[one.pack])

    for claims in (_markers(content), _therapies(content), _diseases(content)):
        _compare(in_order(claims), fold, content, placed, found)
    _compare(in_order(_ids(content)), str, content, placed, found)
    found.problems.extend(_combinations(in_order(_therapies(content)), content, placed))
    return found


def _compare(
    claims: Iterable[_Claim],
    key_of: Callable[[str], str],
    content: RuleFile,
    placed: Placed,
    found: Overlaid,
) -> None:
    """Note the names whose key a record of an earlier pack has claimed."""
    owners: dict[str, _Claim] = {}

    def refuse(claim: _Claim, name: str, what: str, hint: str) -> None:
        path = _path_to(name, getattr(content, claim.section)[claim.at])
        path = () if path == (RECORDS[claim.section].key,) else path  # which names the record already
        found.problems.append(placed.problem(claim.section, claim.at, path, what, hint))
        found.names.add(fold(name))

    for claim in claims:
        for name in dict.fromkeys(claim.names):
            if not key_of(name):
                refuse(claim, name, f"the name {name!r} has neither a letter nor a digit.", "Write it out.")
                continue
            owner = owners.setdefault(key_of(name), claim)
            if owner.pack != claim.pack and not _is_reported(owner, claim, content):
                whose = f"the pack {owner.pack}" if owner.pack else "the shipped rules"
                where = placed.of(owner.section, owner.at)
                what = f"in {whose} the name {name!r} means {owner.meaning}: see {where}."
                refuse(claim, name, what, WHAT_TO_DO)


def _is_reported(owner: _Claim, claim: _Claim, content: RuleFile) -> bool:
    """Return True where two records of a section have the same key, which is an error of its own."""
    key = RECORDS[claim.section].key
    first, second = (getattr(getattr(content, one.section)[one.at], key, None) for one in (owner, claim))
    return owner.section == claim.section and first == second


def _path_to(name: str, record: BaseModel) -> Path:
    for field in type(record).model_fields:
        value = getattr(record, field)
        if name == (str(value) if isinstance(value, int) else value):
            return (field,)
        if isinstance(value, tuple) and name in value:
            return (field, value.index(name))
    return ()


def _markers(content: RuleFile) -> Iterator[_Claim]:
    """Yield the claims on names of markers, those that decide first before others.

    A condition of a rule may name a derived fact as well as a marker.
    """
    for index, alias in enumerate(content.ambiguous_aliases):
        yield _Claim("ambiguous_aliases", index, (alias.alias,), _reading(alias))
    for index, marker in enumerate(content.markers):
        names = tuple(marker_spellings(marker))
        # A sequencing file may name a gene by its number alone.
        numbers = (f"{marker.ncbi_gene}",) if marker.ncbi_gene else ()
        yield _Claim("markers", index, names + numbers, f"the marker {marker.symbol}")
    for index, fact in enumerate(content.derived_facts):
        yield _Claim("derived_facts", index, (fact.id,), f"the derived fact {fact.id}")


def _reading(alias: AmbiguousAlias) -> str:
    read = f"read as {alias.reading}" if alias.reading else "not read"
    return f"{one_of(alias.candidates)} ({read})"


def _therapies(content: RuleFile) -> Iterator[_Claim]:
    for index, therapy in enumerate(content.therapies):
        names = tuple(therapy_spellings(therapy))
        yield _Claim("therapies", index, names, f"the therapy {therapy.name}")


def _diseases(content: RuleFile) -> Iterator[_Claim]:
    for index, disease in enumerate(content.diseases):
        names = tuple(disease_spellings(disease))
        yield _Claim("diseases", index, names, f"the disease {disease.name}")


def _ids(content: RuleFile) -> Iterator[_Claim]:
    """Yield the claims on ids that can be explained.

    An id of a rule comes before that of an add-on or of a fact.
    """
    for section in ("add_ons", "derived_facts", "rules"):
        for index, record in enumerate(getattr(content, section)):
            yield _Claim(section, index, (record.id,), f"the {RECORDS[section].noun} {record.id}")


def _combinations(therapies: Iterable[_Claim], content: RuleFile, placed: Placed) -> Iterator[Problem]:
    """Yield the therapies whose name is a list of earlier ones, which a profile may give in one text."""
    below: dict[str, str] = {}
    of_pack: dict[str, str] = {}
    pack = ""
    for claim in therapies:
        if claim.pack != pack:
            below |= of_pack
            pack, of_pack = claim.pack, {}
        therapy = content.therapies[claim.at]
        of_pack |= {fold(name): therapy.id for name in claim.names}
        for name in claim.names if pack else ():
            parts = _parts(fold(name), below)
            if len(parts) > 1 and not parts <= {*therapy.parents}:
                ids = ", ".join(sorted(parts))
                what = f"the name {name!r} means the therapies {ids} given together."
                path = _path_to(name, therapy)
                hint = f"Choose another name, or write parents: [{ids}]."
                yield placed.problem("therapies", claim.at, path, what, hint)


def _parts(text: str, known: Mapping[str, str]) -> frozenset[str]:
    """The therapies of which the names follow each other in a folded text; empty where it has other parts."""

    @cache
    def rest(start: int) -> frozenset[str] | None:
        if start == len(text):
            return frozenset()
        for name, therapy in known.items():
            if name and text.startswith(name, start):
                for word in JOINING if start + len(name) < len(text) else ("",):
                    after = start + len(name)
                    found = rest(after + len(word)) if text.startswith(word, after) else None
                    if found is not None:
                        return found | {therapy}
        return None

    return rest(0) or frozenset()
