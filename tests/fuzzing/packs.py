"""The entrances that take what people write for others to use: rule packs and tours."""

from pathlib import Path
from random import Random
from typing import Any

from support.generators import MARKERS
from support.places import ROOT

from recommender import RuleBaseError
from recommender.knowledge.parsing import parse_packs
from recommender.knowledge.vocabulary import Vocabulary
from recommender.reports.tour_files import open_case
from recommender.reports.tour_steps import walk
from recommender.views import plain as plain_json
from recommender.views.screen import Screen
from recommender.views.tours import shown

from . import laws, material
from .entrances import Entrance, recommender


class Rules(Entrance):
    """Rule files: a pack by itself, and sometimes over the shipped rules."""

    name = "rules"
    refusal = RuleBaseError
    seeds = material.seeds("docs/example-pack/*.yaml", "rules/*.yaml", "rules/vocabulary/*.yaml", most=12_000)

    def __init__(self, folder: Path) -> None:
        """Read the shipped rules, without parsing them."""
        super().__init__(folder)
        root = ROOT / "rules"
        self.shipped = [
            (str(file.relative_to(root)), file.read_bytes()) for file in sorted(root.rglob("*.yaml"))
        ]

    def make(self, source: Random) -> Any:
        """Return the bytes of a rule file, and whether it is laid over the shipped rules."""
        often = 60
        match source.randrange(7):
            case 0:
                data = source.choice(material.WHOLE)
            case 3:
                data, often = material.as_yaml(source, _hostile_names(source)), 10
            case 1:
                section = source.choice(
                    ("rules", "markers", "therapies", "diseases", "map", "x", "importing")
                )
                records = material.value(source, 4) if source.randrange(2) else [material.value(source, 4)]
                data = material.as_yaml(source, {section: records})
            case 2:
                data = b"rules:\n  - " + b"\n    ".join(
                    material.as_yaml(
                        source,
                        {
                            "id": "made-rule",
                            "kind": source.choice(
                                ("strategy", "context", "mechanism", "disputed", "caution")
                            ),
                            source.choice(("partner", "therapy", "always")): source.choice(
                                (["tki"], True, [])
                            ),
                            "when": _condition(source, 4),
                            "title": material.text(source),
                        },
                    ).splitlines()
                )
            case _:
                data = material.damaged(source, source.choice(self.seeds), self.seeds)
        return data, not source.randrange(often)

    def attempt(self, given: Any) -> None:
        """Parse and check it. Over the shipped rules it changes no meaning of theirs."""
        data, over = given
        packs = [("", self.shipped)] if over else []
        content = parse_packs([*packs, ("pack", [("x.yaml", data)])]).content
        if over:
            known, read = recommender().base.vocabulary, Vocabulary(content)
            for name in known.marker_spellings():
                laws.holds(read.marker(name) == known.marker(name), "a marker has another meaning", name)
            for name in known.therapy_spellings():
                laws.holds(read.therapy(name) == known.therapy(name), "a therapy has another meaning", name)


def _hostile_names(source: Random) -> dict[str, Any]:
    """Records that claim shipped names in other spellings, and new ones."""
    vocabulary = recommender().base.vocabulary
    shipped = sorted({*vocabulary.marker_spellings(), *vocabulary.therapy_spellings()})

    def name() -> str:
        known = source.choice(shipped)
        return source.choice((known, known.swapcase(), f" {'-'.join(known)}", material.text(source)[:200]))

    alias = {"alias": name(), "reading": "FASN", "candidates": ["FASN"], "why": "A hostile reading of it."}
    marker = {"symbol": name(), "kind": "gene", "name": "x", "aliases": [name()], "previous": [name()]}
    therapy = {"id": "x", "name": name(), "kind": "drug", "synonyms": [f"{name()} + {name()}"]}
    made = {"ambiguous_aliases": [alias], "markers": [marker], "therapies": [therapy]}
    return {section: made[section] for section in source.sample(sorted(made), source.randrange(1, 4))}


def _condition(source: Random, depth: int) -> Any:
    """A condition, which may have more ways to be met than can be listed."""
    if depth and source.randrange(3):
        key = source.choice(("any_of", "all_of", "not"))
        return [{key: _condition(source, depth - 1)} for _ in range(source.choice((1, 2, 6)))]
    names = source.sample(MARKERS, source.randrange(1, 6))
    return [{name: source.choice((*material.STATES, ["high", "low"], None, 3))} for name in names]


class Tours(Entrance):
    """A tour of a teacher, and the profile beside it."""

    name = "tours"
    seeds = material.seeds("docs/examples/tour.yaml", "profiles/tours/*.yaml")

    def __init__(self, folder: Path) -> None:
        """Lay the profiles of the seeds beside the tours."""
        super().__init__(folder)
        for file in (*(ROOT / "profiles").glob("*.*"), ROOT / "docs/examples/tour-case.json"):
            (folder / file.name).write_bytes(file.read_bytes())

    def make(self, source: Random) -> Any:
        """Return the bytes of a tour."""
        if not source.randrange(12):
            return source.choice(material.WHOLE), "json"
        data = source.choice(self.seeds)
        if not source.randrange(3):
            name = material.text(source).replace("\n", " ")
            data = data.replace(b"profile: ", b"profile: " + name.encode("utf-8", "replace"))
        data = data.replace(
            b"point: ", f"point: {source.choice(material.TEXTS)[:200]}".encode("utf-8", "replace")
        )
        return material.damaged(source, data, self.seeds), source.choice(("json", "json", "table"))

    def attempt(self, given: Any) -> None:
        """Open it, walk it and show its steps."""
        data, view = given
        file = self.folder / "made.yaml"
        file.write_bytes(data)
        case = open_case(str(file))
        steps = walk(recommender(), case)
        if view == "json":
            parts = [step.to_dict() for step in steps]
            laws.labelled_json(plain_json.labelled(tour=case.name, title=case.tour.title, steps=parts))
        else:
            pages = [shown(step, number, len(steps), Screen(100)) for number, step in enumerate(steps, 1)]
            laws.shown("\n".join(pages))
