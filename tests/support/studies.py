"""A study to import that a test can change, and what is looked for in what was read."""

import os
import shutil
from pathlib import Path
from typing import Any

from recommender import Profile
from recommender.importing import Imported, ImportOptions, import_profiles
from recommender.importing.genes import Genes
from support.generators import BASE
from support.places import EXAMPLES

STUDIES = [EXAMPLES / "study", *(Path(one) for one in [os.environ.get("LIHC_STUDY")] if one)]
"""Folders as cBioPortal gives them: ours, and a real one where LIHC_STUDY names it (CONTRIBUTING.md)."""

MAF_HEADER = "Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification|HGVSp_Short"
SEQUENCED = [marker.symbol for marker in Genes(BASE).asked("sequence")]
"""The genes that rules ask mutations of."""


def tabs(*rows: str) -> str:
    return "".join(row.replace("|", "\t") + "\n" for row in rows)


def meta(kind: str, datatype: str, file: str, *more: str) -> str:
    """The file of a study that says what another file of it holds."""
    lines = (f"genetic_alteration_type: {kind}", f"datatype: {datatype}", *more, f"data_filename: {file}")
    return "".join(line + "\n" for line in lines)


SV_META = meta("STRUCTURAL_VARIANT", "SV", "data_sv.txt")


class Study:
    """A copy of the example study that a test can change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(EXAMPLES / "study", folder)

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def remove(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink()

    def read(self, **asked: Any) -> Imported:
        return import_profiles(self.folder, BASE, ImportOptions(**asked))


def sample(found: Imported, name: str) -> Profile:
    return next(one for one in found.profiles if one.id == name)


def genes(profile: Profile, state: str) -> set[str]:
    return {one.gene for one in profile.mutations if one.state == state}


def measured(profile: Profile) -> dict[str, str | None]:
    """The state of each marker that was measured; of several the last."""
    return {name: one.state for name, one, _ in profile.measured()}


def states(profile: Profile) -> dict[str, str | None]:
    """The state of each gene that was sequenced, and of each marker that was measured."""
    return {**{one.gene: one.state for one in profile.mutations}, **measured(profile)}


def findings(found: Imported) -> set[tuple[str, str, str]]:
    """Each finding of each sample: the sample, the marker and the state."""
    return {
        *((one.id or "", gene.gene, gene.state) for one in found.profiles for gene in one.mutations),
        *(
            (one.id or "", name, measured.state or "")
            for one in found.profiles
            for name, measured, _ in one.measured()
        ),
    }


def codes(found: Imported) -> set[str]:
    return {one.code for one in found.notices}


def imported(folder: Path, name: str, content: str | bytes) -> Imported:
    """What is read of a file with that name and content."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_profiles(file, BASE)


def maf(tmp_path: Path, *rows: str, **asked: Any) -> Imported:
    file = tmp_path / "calls.maf"
    file.write_text(tabs(*rows))
    return import_profiles(file, BASE, ImportOptions(**asked))


def sheet(tmp_path: Path, text: str | bytes, **asked: Any) -> Imported:
    file = tmp_path / "sheet.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_profiles(file, BASE, ImportOptions(**asked))
