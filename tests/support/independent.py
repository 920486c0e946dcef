"""A reader of mutation tables that shares no code with the importers: the plainest that can be written.

It knows what a class of a MAF means and nothing else, and states a finding only where a row says so in
words that it knows. It is no importer: what it does not understand it passes over without a word.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

CHANGED = """Frame_Shift_Del Frame_Shift_Ins In_Frame_Del In_Frame_Ins Missense_Mutation Nonsense_Mutation
Nonstop_Mutation Translation_Start_Site Splice_Site De_novo_Start_OutOfFrame De_novo_Start_InFrame""".split()
"""Classes of variants that change the protein."""

Pair = tuple[str, str]
"""Sample and gene."""


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a text with tabs between cells, without comments, by the names of its header."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def changed_pairs(found: Iterable[dict[str, str]]) -> set[Pair]:
    """Return each sample with each gene that a row calls changed; a change such as p.A1A is none."""
    pairs = set()
    for row in found:
        change = (row.get("HGVSp_Short") or "").removeprefix("p.")
        residues = change.strip("0123456789")
        silent = bool(change) and (change.endswith("=") or _same_ends(change))
        if row["Variant_Classification"] in CHANGED and not (silent and row["Variant_Classification"] != "Splice_Site"):
            assert residues or not change
            pairs.add((row["Tumor_Sample_Barcode"], row["Hugo_Symbol"]))
    return pairs


def _same_ends(change: str) -> bool:
    first = change.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ*")
    start = first.rstrip("0123456789")
    return bool(start) and start.isupper() or start == "*" and change[len(first) :] == start
