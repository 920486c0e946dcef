"""A cBioPortal study folder to profiles."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..knowledge.base import KnowledgeBase
from .accounts import NO_SAMPLE
from .clinical import Clinical
from .delimited import Table, cell
from .doubt import Doubts, cut_off
from .draft import Draft, Log
from .genes import Genes
from .infections import Infections
from .matrices import Matrices
from .meta_files import meta_values
from .options import ImportOptions
from .sequencing import Coverage, Panel, read_panel
from .structural import structural_variants
from .study import DataFile, Study, read_study
from .terms import Words
from .timeline import treatments
from .variant_columns import SAMPLE
from .variants import Variants

_SEQUENCED_HEADER = "#sequenced_samples:"
_T = TypeVar("_T")

USES = frozenset({"panels", "assume_exome", "z_high", "z_low", "z_profile"})


def read(folder: Path, base: KnowledgeBase, options: ImportOptions, log: Log) -> list[Draft]:
    """Return the samples of a study. Raises InputError with all that keeps its files from being read."""
    return _Reader(read_study(folder, log), base, options, log).read()


class _Reader:
    def __init__(self, study: Study, base: KnowledgeBase, options: ImportOptions, log: Log) -> None:
        self.study = study
        self.options = options
        self.log = log
        self.words = Words(base)
        self.genes = Genes(base)
        self.clinical = Clinical(self.words, Infections(base, self.words, log), log)
        self.high, self.low = options.cut_offs(base.info)
        self.header_lists: dict[str, str] = {}
        self.problems: list[Problem] = []

    def read(self) -> list[Draft]:
        doubts = Doubts()
        if self.study.stray:
            doubts.add(None, None)
        variants = Variants(self.words, self.genes, self.log, self.clinical, doubts)
        matrices = Matrices(self.words, self.genes, self.log, self.clinical, doubts)
        self._each("samples", self.clinical.read_samples)
        self._each("patients", self.clinical.read_patients)
        self._each("timeline", lambda table: treatments(table, self.words, self.clinical, self.log))
        self._each("mutations", lambda table: self._mutations(table, variants))
        self._each(
            "structural",
            lambda table: structural_variants(table, self.words, self.genes, self.clinical, doubts, self.log),
        )
        self._each("copy-number", matrices.copy_number)
        self._each("copy-number-long", matrices.copy_number_long)
        matrices.settle_calls()
        scores = self._chosen_scores()
        if scores is not None:
            measured = self._measured(scores)
            self._try(
                lambda: matrices.levels(self._table(scores), measured=measured, high=self.high, low=self.low)
            )
        coverage = self._try(self._coverage)
        if self.problems:
            raise InputError(self.problems, source=str(self.study.folder))
        assert coverage is not None
        drafts = self.clinical.drafts(variants.disease_of, study=self.study.meta.get("type_of_cancer", ""))
        mutations = self.study.all("mutations")
        if mutations:
            coverage.add_wild_types(drafts, self.genes.asked("sequence"), variants, doubts)
            variants.tell_outside(mutations[0].shown)
        name = self.study.meta.get("cancer_study_identifier", "")
        for draft in drafts:
            draft.note = f"Imported from the study {name}" if name else "Imported from a cBioPortal study"
        return drafts

    def _each(self, kind: str, step: Callable[[Table], None]) -> None:
        for file in self.study.all(kind):
            self._try(lambda file=file: step(self._table(file)))  # type: ignore[misc]

    def _table(self, file: DataFile) -> Table:
        return self.log.accounts.table(Table(file.path, file.shown))

    def _try(self, step: Callable[[], _T]) -> _T | None:
        """Take a step; what keeps a file from being read is reported with that of all other files."""
        try:
            return step()
        except InputError as error:
            for one in error.problems:
                place = ": ".join(part for part in (error.source, one.where) if part)
                self.problems.append(one._replace(where=place))
            return None

    def _mutations(self, table: Table, variants: Variants) -> None:
        for line, text in table.comments:
            if text.lower().startswith(_SEQUENCED_HEADER):
                for name in text[len(_SEQUENCED_HEADER) :].replace(",", " ").split():
                    self.header_lists[name] = table.at(line)
        variants.read(table)

    def _chosen_scores(self) -> DataFile | None:
        """The z-scores to read: those that were chosen, else the first by what they compare with."""
        files = [file for file in self.study.all("z-scores") if not self._of_normals(file)]
        names = {file.of("stable_id") or file.shown: file for file in files}
        asked = self.options.z_profile
        if asked is not None:
            chosen = names.get(asked) or next((file for file in files if file.shown == asked), None)
            if chosen is None:
                has = f"The study has {', '.join(sorted(names))}." if names else "The study has none."
                hint = did_you_mean(asked, names) or has
                self.problems.append(Problem("", f"there are no z-scores {asked}.", hint, "z_profile"))
            return chosen
        if not files:
            return None
        order = list(self.words.known.z_references.values())

        def place(file: DataFile) -> tuple[bool, int, str]:
            against = self._reference(file)
            known = order.index(against) if against in order else len(order)
            return file.of("genetic_alteration_type").upper() != "MRNA_EXPRESSION", known, file.shown

        first, *others = sorted(files, key=place)
        if others:
            left = ", ".join(file.of("stable_id") or file.shown for file in others)
            what = f"of several z-score files this one is read; choose another with `z_profile=`: {left}."
            self.log.notice("SEVERAL_Z_SCORES", first.shown, what)
        return first

    def _of_normals(self, file: DataFile) -> bool:
        """Return whether the samples of z-scores are no tumours."""
        named = f"{file.of('stable_id')} {file.shown} {file.of('profile_name')}".casefold()
        if any(part.casefold() in named for part in self.words.known.z_of_normals):
            self.log.notice("FILE_NOT_READ", file.shown, "it is not read: its samples are no tumours.")
            return True
        return False

    def _reference(self, file: DataFile) -> str:
        named = f"{file.of('stable_id')} {file.shown}".lower()
        return next(
            (text for part, text in self.words.known.z_references.items() if part.lower() in named), ""
        )

    def _measured(self, file: DataFile) -> str:
        against = self._reference(file)
        if not against:
            what = "which samples the z-scores compare with is not stated; high means higher than those."
            self.log.notice("Z_REFERENCE_NOT_STATED", file.shown, what)
        sort = "protein" if file.of("genetic_alteration_type").upper() == "PROTEIN_LEVEL" else "mRNA"
        return f"{sort} z-score against {against or 'a population that is not stated'}"

    def _coverage(self) -> Coverage:
        everywhere = None
        for file in self.study.all("mutations"):
            if file.of("gene_panel"):
                everywhere = (file.of("gene_panel"), f"meta file of {file.shown}")
        return Coverage(
            self.words,
            self.log,
            panels={panel.id: panel for panel in self._panels()},
            sequenced=self._sequenced(),
            panel_of=self._panel_matrix(),
            everywhere=everywhere,
            assume_exome=self.options.assume_exome,
        )

    def _panels(self) -> list[Panel]:
        """The panels given, and those whose files lie in the study."""
        found = []
        for path in self.study.inside("**/*panel*.txt", self.log):
            shown = path.relative_to(self.study.folder).as_posix()
            if not path.name.startswith("meta_"):
                with path.open("rb") as stream:
                    head = stream.read(4096)
                if b"gene_list:" in head or head.startswith(b"stable_id:"):
                    found.append(read_panel(path, shown, self.genes, self.log))
        return [*found, *(read_panel(path, path.name, self.genes, self.log) for path in self.options.panels)]

    def _sequenced(self) -> dict[str, str] | None:
        """The samples that were sequenced, and where each is listed; None where no file lists them."""
        lists: dict[str, str] = {}
        seen = bool(self.header_lists)
        for name, at in self.header_lists.items():
            self._list(name, at, lists)
        for path in self.study.inside("case_lists/*.txt", self.log):
            shown = path.relative_to(self.study.folder).as_posix()
            values = meta_values(path, shown)
            stable_id = values.get("stable_id", (0, ""))[1]
            category = values.get("case_list_category", (0, ""))[1]
            if not (stable_id.endswith("_sequenced") or category == "all_cases_with_mutation_data"):
                continue
            if "case_list_ids" not in values:
                raise InputError([Problem("", "there is no line case_list_ids:.")], source=shown)
            seen = True
            line, names, may_be_cut = values["case_list_ids"]
            if not names:
                what = "the line case_list_ids: holds no ids; they stand on that line."
                raise InputError([Problem(f"line {line}", what)], source=shown)
            listed = names.split("\t") if "\t" in names else names.split()
            if may_be_cut and not self.clinical.is_whole(listed[-1]):
                what = f"{cut_off(shortened(listed.pop()))}; not read."
                self.log.notice("MALFORMED_ROW", f"{shown}:{line}", what)
            for name in listed:
                self._list(name.strip(), f"{shown}:{line}", lists)
        return lists if seen else None

    def _list(self, name: str, at: str, lists: dict[str, str]) -> None:
        draft = self.clinical.sample(name, at)
        if draft is not None:
            lists.setdefault(draft.id, at)

    def _panel_matrix(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        profiles = [file.of("stable_id") or "mutations" for file in self.study.all("mutations")]
        for file in self.study.all("panels"):
            table = self._table(file)
            sample_at = table.need(*SAMPLE)
            place = table.columns.find(*profiles, "mutations")
            if place is None:
                table.close()
                what = (
                    f"no column of the panel matrix is for {' or '.join(profiles) or 'mutations'}; not read."
                )
                self.log.notice("FILE_NOT_READ", file.shown, what)
                continue
            for line, cells in table.rows():
                at, panel = table.at(line), cell(cells, place)
                draft = self.clinical.sample(cell(cells, sample_at), at)
                if draft is None:
                    self.log.accounts.row(at, NO_SAMPLE)
                    continue
                if line in table.odd:
                    self.log.notice("MALFORMED_ROW", at, "the row has not the cells of the header; not read.")
                    panel = ""
                elif line == table.unended and not (
                    self.words.is_null(panel) or panel in (known for known, _ in found.values())
                ):
                    what = f"{cut_off(shortened(panel))}; not read."
                    self.log.notice("MALFORMED_ROW", at, what)
                    panel = ""
                elif draft.id in found and found[draft.id][0] != panel:
                    what = f"{draft.id} has two panels; what was sequenced is left unknown."
                    self.log.notice("CONTRADICTION", at, what)
                    panel = ""
                found[draft.id] = (panel, at)
        return found
