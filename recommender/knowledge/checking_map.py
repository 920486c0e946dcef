"""Check that everything that the drawn map names is there."""

from collections.abc import Collection, Iterator

from .._errors import Path
from .._text import did_you_mean
from .rule_file import RuleFile


def faults(content: RuleFile) -> Iterator[tuple[Path, str, str]]:
    """The faults of the map: where in it, what, and a hint."""
    drawn = content.map
    if drawn is None:
        return
    facts = {fact.id: fact for fact in content.derived_facts}
    known: dict[str, Collection[str]] = {
        "marker": {marker.symbol for marker in content.markers},
        "add-on": {add_on.id for add_on in content.add_ons},
        "derived fact": facts,
        "mechanism rule": {rule.id for rule in content.rules if rule.kind == "mechanism"},
        "box": {box.id for box in drawn.boxes},
    }
    named: list[tuple[Path, str, str]] = []
    seen: set[str] = set()
    for at, box in enumerate(drawn.boxes):
        if box.id in seen:
            yield ("boxes", at, "id"), f"the box {box.id!r} is there already.", ""
        seen.add(box.id)
        named += [(("boxes", at, "markers", n), "marker", name) for n, name in enumerate(box.markers)]
        named += [(("boxes", at, "add_ons", n), "add-on", name) for n, name in enumerate(box.add_ons)]
        if box.fact:
            named.append((("boxes", at, "fact"), "derived fact", box.fact))
        if box.at[0] + box.size[0] > drawn.width or box.at[1] + box.size[1] > drawn.height:
            yield ("boxes", at, "at"), f"the box {box.id!r} leaves the drawing.", ""
    for at, arrow in enumerate(drawn.arrows):
        named += [(("arrows", at, "from"), "box", arrow.from_), (("arrows", at, "to"), "box", arrow.to)]
        if arrow.from_ == arrow.to:
            yield ("arrows", at, "to"), f"the arrow from {arrow.from_!r} leads to where it begins.", ""
        for n, (x, y) in enumerate(arrow.via):
            if x > drawn.width or y > drawn.height:
                yield ("arrows", at, "via", n), f"the corner {x}, {y} leaves the drawing.", ""
        if arrow.rule:
            named.append((("arrows", at, "rule"), "mechanism rule", arrow.rule))
        start = next((box.fact for box in drawn.boxes if box.id == arrow.from_), None)
        states = facts[start].states if start in facts else {}
        for n, state in enumerate(arrow.strong):
            if state not in states:
                what = f"the box {arrow.from_!r} has no state {state!r}."
                yield ("arrows", at, "strong", n), what, did_you_mean(state, states)
    for path, what, name in named:
        if name not in known[what]:
            yield path, f"the {what} {name!r} is not known.", did_you_mean(name, known[what])
