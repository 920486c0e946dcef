"""The files of a cBioPortal study folder, as its meta files name them."""

import re
from dataclasses import dataclass
from pathlib import Path

from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from .draft import Log
from .meta_files import meta_values

_KINDS = {
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): "samples",
    ("CLINICAL", "PATIENT_ATTRIBUTES"): "patients",
    ("CLINICAL", "MIXED_ATTRIBUTES"): "samples",
    ("CLINICAL", "TIMELINE"): "timeline",
    ("MUTATION_EXTENDED", "MAF"): "mutations",
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): "copy-number",
    ("COPY_NUMBER_ALTERATION", "DISCRETE_LONG"): "copy-number-long",
    ("MRNA_EXPRESSION", "Z-SCORE"): "z-scores",
    ("PROTEIN_LEVEL", "Z-SCORE"): "z-scores",
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): "panels",
    ("STRUCTURAL_VARIANT", "SV"): "structural",
    ("FUSION", "FUSION"): "structural",
}
_META = re.compile(r"(?:\b|_)meta(?:\b|_).*\.txt$", re.IGNORECASE)
_MUTATIONS = re.compile(r"data_?mutations?\b.*|data_?mutations?_.*|.*\.maf(?:\.txt)?(?:\.gz)?", re.IGNORECASE)
"""Names of files of mutations."""

_SILENT_KINDS = ("CANCER_TYPE",)


@dataclass(frozen=True)
class DataFile:
    """A data file of a study, with what its meta file says."""

    kind: str
    path: Path
    shown: str
    meta: dict[str, str]

    def of(self, key: str) -> str:
        """Return what the meta file says for a key, or nothing."""
        return self.meta.get(key, "")


@dataclass(frozen=True)
class Study:
    """A study: what it says of itself, and its data files."""

    folder: Path
    meta: dict[str, str]
    files: tuple[DataFile, ...]
    stray: tuple[str, ...] = ()
    """Files that hold mutations according to their names, and that no meta file names."""

    def inside(self, pattern: str, log: Log) -> list[Path]:
        """Return the files of the folder that match a pattern and do not lead out of it, by name."""
        found = []
        for path in sorted(self.folder.glob(pattern)):
            if not _is_of_study(path, self.folder):
                continue
            if _leads_out(path, self.folder):
                log.notice("FILE_NOT_READ", path.name, "it is not read: it leads out of the folder.")
            else:
                found.append(path)
        return found

    def all(self, kind: str) -> list[DataFile]:
        """Return the data files of a kind."""
        return [file for file in self.files if file.kind == kind]


def read_study(folder: Path, log: Log) -> Study:
    """Return the study in a folder. Raises InputError with everything that is wrong with its meta files."""
    if not folder.is_dir():
        what = "it is not a folder, and a cBioPortal study is one."
        raise InputError([Problem("", what)], source=str(folder))
    metas = sorted(
        path for path in folder.iterdir() if _META.search(path.name) and _is_of_study(path, folder)
    )
    if not metas:
        hint = "A cBioPortal study has meta_*.txt files that name its data files."
        raise InputError(
            [Problem("", "there is no meta_*.txt file in the folder.", hint)], source=str(folder)
        )
    about: dict[str, str] = {}
    files: list[DataFile] = []
    problems: list[Problem] = []
    named: set[str] = set()
    for path in metas:
        if _leads_out(path, folder):
            problems.append(Problem(path.name, "it is a link that leads out of the folder."))
            continue
        values = {key: value.text for key, value in meta_values(path, path.name).items()}
        named.add(values.get("data_filename", "").casefold())
        if "type_of_cancer" in values and "genetic_alteration_type" not in values:
            about = values
            continue
        found = _data_file(folder, path, values, log, problems)
        if found is not None:
            files.append(found)
    if problems:
        raise InputError(problems, source=str(folder))
    here = [path.name for path in folder.iterdir() if _is_of_study(path, folder)]
    stray = sorted(name for name in here if _MUTATIONS.fullmatch(name) and name.casefold() not in named)
    for name in stray:
        what = "it is not read: no meta file names it. It may hold mutations, so that no gene is wild type."
        log.notice("FILE_NOT_READ", name, what)
    return Study(folder, about, tuple(files), tuple(stray))


def _is_of_study(path: Path, folder: Path) -> bool:
    """Return whether a path is a file, and not one that a system keeps beside others: macOS writes ._NAME."""
    return not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.is_file()


def _there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path leads out of a folder, or nowhere that can be told."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return True


def _data_file(
    folder: Path, path: Path, values: dict[str, str], log: Log, problems: list[Problem]
) -> DataFile | None:
    sort = values.get("genetic_alteration_type", "").upper(), values.get("datatype", "").upper()
    name = values.get("data_filename", "")
    kind = _KINDS.get(sort)
    if kind is None:
        if sort[0] not in _SILENT_KINDS:
            said = " ".join(shortened(part) for part in sort if part) or "no genetic_alteration_type"
            log.notice(
                "FILE_NOT_READ", path.name, f"{shortened(name, 200) or 'its data'} is not read: {said}."
            )
        return None
    if not name:
        problems.append(Problem(path.name, "there is no line data_filename:, which names the data file."))
        return None
    data, said = folder / name, shortened(name, 200)
    if _leads_out(data, folder):
        problems.append(Problem(path.name, f"data_filename is {said}, which lies outside the folder."))
        return None
    if not _there(data):
        near = did_you_mean(name, [entry.name for entry in folder.iterdir() if not _META.search(entry.name)])
        problems.append(Problem(path.name, f"it names the data file {said}, which is not there.", near))
        return None
    return DataFile(kind, data, name, values)
