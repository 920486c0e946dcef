"""The rule base against its map of the ferroptosis pathway."""

from collections.abc import Iterator

from ..knowledge.base import KnowledgeBase


def off_the_map(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield what of the rule base is missing from the map: the record, and what is missing."""
    drawn = base.content.map
    boxes = drawn.boxes if drawn else ()
    arrows = {arrow.rule for arrow in drawn.arrows} if drawn else set()
    shown = {box.fact: set(box.markers) for box in boxes if box.fact}
    ways = {rule.id: rule.ways for rule in base.compiled_rules}
    for rule in base.mechanisms:
        fact = rule.conclusion.name
        if fact not in shown:
            yield rule.id, f"no box shows {fact}, which it concludes"
            continue
        atoms = {atom for way in ways[rule.id] for atom in way}
        for marker in sorted({atom.name for atom in atoms if atom.kind == "marker"} - shown[fact]):
            yield rule.id, f"the box of {fact} does not show {marker}"
        if any(atom.kind == "fact" for atom in atoms) and rule.id not in arrows:
            yield rule.id, "no arrow stands for it"
    for add_on in base.content.add_ons:
        if not base.boxes_of(add_on):
            yield add_on.id, "it acts in no box"
