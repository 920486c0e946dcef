"""The map of the ferroptosis pathway in words, for a terminal."""

from ..reports.tumour_map import MEANINGS, TumourMap
from .listing import listing
from .screen import Screen


def map_table(drawn: TumourMap, screen: Screen) -> str:
    """Return the parts of the ferroptosis pathway with their states, and where the ranked add-ons act."""
    ranks = {one.id: f"{one.rank} {one.name}" for one in drawn.add_ons}
    rows = [
        {
            "part": box.name,
            "state": box.state,
            "defence": box.defence or "",
            "found": ", ".join(f"{one.symbol} {state}" for one in box.markers for state in one.states),
            "add_ons": ", ".join(ranks[one] for one in box.add_ons),
        }
        for box in drawn.informative
    ]
    note = "; ".join(f"{name}: {meaning}" for name, meaning in MEANINGS.items())
    for what, names in (
        ("Ranked, but not on the map", drawn.unplaced),
        ("Facts without a place", drawn.off_map),
    ):
        if names:
            note += f"\n{what}: {', '.join(names)}."
    if packs := drawn.rule_base.packs_in_words():
        note += f"\n{packs}"
    return listing(
        rows,
        {"part": "Part", "state": "State", "defence": "Defence", "found": "Found", "add_ons": "Add-ons"},
        "table",
        title=f"The ferroptosis pathway in {drawn.profile or 'a profile without id'}",
        screen=screen,
        note=note,
    )
