"""Which genes were looked at in which sample: the difference between wild type and unknown."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from .._errors import InputError, Problem
from .._text import counted, fold, shortened
from ..knowledge.models import Marker
from .doubt import Doubts, cut_off
from .draft import Draft, Found, Log
from .genes import Genes
from .meta_files import meta_values
from .terms import Words
from .variants import Variants


class Panel(NamedTuple):
    """A gene panel: its id and the symbols of its genes that the vocabulary knows."""

    id: str
    genes: frozenset[str]
    shown: str


def read_panel(path: Path, shown: str, genes: Genes, log: Log) -> Panel:
    """Return the gene panel in a file of cBioPortal's form. Raises InputError."""
    values = meta_values(path, shown)
    missing = [key for key in ("stable_id", "gene_list") if key not in values]
    if missing:
        hint = "A panel file has the lines stable_id: and gene_list:."
        raise InputError([Problem("", f"there is no line {' or '.join(missing)}.", hint)], source=shown)
    line, listed, may_be_cut = values["gene_list"]
    names = listed.split()
    if may_be_cut and names:
        what = f"{cut_off(shortened(names.pop()))}; not read."
        log.notice("MALFORMED_ROW", f"{shown}:{line}", what)
    known = set()
    for name in names:
        reading = genes.read("", name) if name.isdecimal() else genes.read(name)
        if reading.code == "DAMAGED_SYMBOL":
            log.notice(reading.code, f"{shown}:{line}", reading.why)
        if reading.marker:
            known.add(reading.marker.symbol)
    return Panel(values["stable_id"][1], frozenset(known), shown)


class Coverage:
    """What is known of the sequencing of each sample.

    `sequenced` maps a sample to where it is listed, and is None where no list of the sequenced samples
    exists. `panel_of` maps a sample to the name of its panel and where it is stated; a word for no value is
    an exome, an empty name says nothing. `everywhere` is what holds for samples that neither names.
    """

    def __init__(
        self,
        words: Words,
        log: Log,
        *,
        panels: Mapping[str, Panel],
        sequenced: Mapping[str, str] | None = None,
        panel_of: Mapping[str, tuple[str, str]] | None = None,
        everywhere: tuple[str, str] | None = None,
        assume_exome: bool = False,
    ) -> None:
        self._log = log
        self._panels = {fold(name): panel for name, panel in panels.items()}
        self._sequenced = sequenced
        self._panel_of = panel_of or {}
        self._everywhere = everywhere
        self._assume_exome = assume_exome
        self._exome = {fold(name) for name in words.known.whole_exome}
        self._is_null = words.is_null

    def add_wild_types(
        self, drafts: Collection[Draft], genes: Collection[Marker], variants: Variants, doubts: Doubts
    ) -> None:
        """Add wild type for the genes that were covered, have no mutation, are there, and not in doubt."""
        self._doubt_strangers(drafts, variants, doubts)
        doubts.settle(drafts, genes)
        for draft in drafts:
            evidence = self._of(draft.id)
            if evidence is None:
                continue
            if not variants.rows_of.get(draft.id):
                what = f"{draft.id} has no row in the mutation file; wild type because of {evidence.said}."
                self._log.notice("NO_MUTATION_ROWS", evidence.at, what)
            for gene in genes:
                covered = evidence.panel is None or gene.symbol in evidence.panel.genes
                if covered and not draft.has(gene, "sequence") and not draft.is_deleted(gene):
                    draft.add(Found(gene, "wild-type", evidence.at, f"{evidence.said}, no mutation"))

    def _doubt_strangers(self, drafts: Collection[Draft], variants: Variants, doubts: Doubts) -> None:
        """Doubt the samples without a row where rows of samples that no list names may be theirs."""
        strangers = variants.strangers
        if not strangers and self._sequenced is not None and variants.has_no_list:
            strangers = [name for name in variants.rows_of if name not in self._sequenced]
        named = set(strangers)
        without = [one for one in drafts if not variants.rows_of.get(one.id) and one.id not in named]
        if strangers and without:
            what = (
                f"rows are of samples that no list of samples names, such as {shortened(strangers[0])}; they "
                "may be of samples without a row, so that the genes of "
                f"{counted(len(without), 'sample')} stay unknown."
            )
            self._log.notice("UNKNOWN_SAMPLE", "", what)
            doubts.add(without, None)

    def _of(self, sample: str) -> "_Evidence | None":
        """Return what states that a sample was sequenced, or None where nothing does."""
        listed = self._sequenced.get(sample) if self._sequenced is not None else None
        if self._sequenced is not None and listed is None:
            if self._assume_exome:
                what = f"{sample} is not among the sequenced samples of the study; its genes stay unknown."
                self._log.once(sample, "NOT_SEQUENCED", "", what)
            return None
        name, where = self._panel_of.get(sample, self._everywhere or ("", ""))
        if self._panel_of and not name:
            if not self._assume_exome:
                what = f"the panel matrix does not say how {sample} was sequenced; its genes stay unknown."
                self._log.once(sample, "PANEL_NOT_STATED", where, what)
                return None
        elif name and not self._is_null(name) and fold(name) not in self._exome:
            panel = self._panels.get(fold(name))
            if panel is None:
                what = (
                    f"the genes of the panel {shortened(name)} are not known; without them no gene is "
                    "wild type. Give its file with `panels=`."
                )
                self._log.once(name, "UNKNOWN_PANEL", where, what)
                return None
            return _Evidence(where, f"panel {panel.id}", panel)
        if listed is not None:
            return _Evidence(listed, "sequenced")
        if name and fold(name) in self._exome:
            return _Evidence(where, name)
        if self._assume_exome:
            return _Evidence("", "assumed exome")
        what = "no file says which genes were sequenced, so none is wild type; `assume_exome=` if all were."
        self._log.once("", "COVERAGE_NOT_STATED", "", what)
        return None


class _Evidence(NamedTuple):
    """Where and how it is stated that a sample was sequenced, and with which panel; None for an exome."""

    at: str
    said: str
    panel: Panel | None = None
