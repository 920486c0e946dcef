"""The entrances of the importers: files and study folders of other programs."""

from pathlib import Path
from random import Random
from typing import Any

from recommender._text import printable
from recommender.cli.import_notices import notice_lines
from recommender.importing import ImportOptions, import_profiles
from recommender.views.imports import as_files, as_lines, notices_json, overview
from recommender.views.screen import Screen

from . import laws, material
from .entrances import Entrance, answered, recommender

EXAMPLES = material.DOCS / "examples"


class Importer(Entrance):
    """A file that is imported: what comes of it is looked at, and one of its profiles is answered."""

    file = ""
    form: Any = None
    header: tuple[str, ...] = ()
    delimiters = "\t"

    def __init__(self, folder: Path) -> None:
        """Read the seed."""
        super().__init__(folder)
        self.seed = [(EXAMPLES / self.file).read_bytes()]

    def make(self, source: Random) -> Any:
        """Return the bytes of a file, and how it is to be imported."""
        match source.randrange(12):
            case 0:
                data = source.choice(material.WHOLE)
            case 1 | 2 | 3 | 4:
                data = material.damaged(source, self.seed[0], self.seed)
            case _:
                data = self.made(source)
        return data, source.choice((False, True)), source.randrange(40)

    def made(self, source: Random) -> bytes:
        """Return a file that was not there before."""
        return material.table(source, self.header, source.choice(self.delimiters))

    def attempt(self, given: Any) -> None:
        """Import it."""
        data, told, view = given
        path = self.folder / self.file
        path.write_bytes(data)
        self.read(path, told=told, view=view)

    def read(self, path: Path, *, told: bool, view: int) -> None:
        """Import what stands at a path, by its looks or as what it is said to be."""
        asked = ImportOptions(therapies=("sorafenib",) if view % 2 else ())
        found = import_profiles(path, recommender().base, asked, form=self.form if told else None)
        for line in as_lines(found).splitlines():
            laws.plain(line)
        for line in notice_lines(found, str(path)):
            laws.plain(printable(line))
        laws.labelled_json(notices_json(found))
        for name, text in as_files(found).items():
            laws.holds(name == Path(name).name and not name.startswith("."), "a file name leads away", name)
            laws.plain(text)
        if view == 0:
            laws.plain(overview(found, Screen(100)))
        if found.profiles:
            answered(found.profiles[0], "csv" if view == 1 else "nothing")


class Maf(Importer):
    """A MAF."""

    name, file, form = "maf", "tumours.maf", "maf"
    share = 2.0
    header = (
        "Hugo_Symbol",
        "Entrez_Gene_Id",
        "Variant_Classification",
        "Tumor_Sample_Barcode",
        "HGVSp_Short",
        "Mutation_Status",
        "CANCER_TYPE",
    )


class Sheet(Importer):
    """A table with one tumour a row."""

    name, file, form = "table", "tumours.csv", "table"
    header = (
        "id",
        "disease",
        "therapies",
        "resistant_to",
        "mutations",
        "FASN",
        "URI1",
        "GSTZ1 z",
        "HBsAg",
        "note",
    )
    delimiters = ",;\t"


class Packet(Importer):
    """A Phenopacket."""

    name, file, form = "phenopacket", "phenopacket.json", "phenopacket"
    share = 2.0

    def made(self, source: Random) -> bytes:
        """Return a packet in which some values are others."""
        import json

        def changed(value: Any, depth: int) -> Any:
            if source.random() < 0.03:
                return material.value(source, 2)
            if isinstance(value, dict):
                return {
                    name: changed(one, depth + 1) for name, one in value.items() if source.random() < 0.97
                }
            if isinstance(value, list):
                kept = [changed(one, depth + 1) for one in value if source.random() < 0.95]
                return kept * source.choice((1, 1, 1, 2))
            if isinstance(value, str) and source.random() < 0.1:
                return material.text(source)
            return value

        value = changed(json.loads(self.seed[0]), 0)
        if not source.randrange(20):
            value = {source.choice(("members", "proband")): [value] if source.randrange(2) else value}
        return material.as_json(source, value)


class Study(Importer):
    """A cBioPortal study folder: one or two of its files are changed."""

    name, file, form = "cbioportal", "study", "cbioportal"

    def __init__(self, folder: Path) -> None:
        """Lay out the example study."""
        Entrance.__init__(self, folder)
        self.files = {
            str(file.relative_to(EXAMPLES / "study")): file.read_bytes()
            for file in sorted((EXAMPLES / "study").rglob("*.txt"))
        }
        self.study = folder / "study"
        (self.study / "case_lists").mkdir(parents=True)
        for name, data in self.files.items():
            (self.study / name).write_bytes(data)

    def make(self, source: Random) -> Any:
        """Return the changed files by name, and how the folder is to be imported."""
        changed: dict[str, bytes] = {}
        others = list(self.files.values())
        for name in source.sample(sorted(self.files), source.choice((1, 1, 2))):
            data = self.files[name]
            if "meta_" in name and source.randrange(2):
                key, leads = b"data_filename: ", source.choice(material.TEXTS)[:300].replace("\n", " ")
                data = data.replace(key, key + leads.encode("utf-8", "replace"))
            elif not source.randrange(12):
                data = source.choice(material.WHOLE)
            else:
                data = material.damaged(source, data, others)
            changed[name] = data
        return changed, source.choice((False, True)), source.randrange(40)

    def attempt(self, given: Any) -> None:
        """Import the folder, and put it right again."""
        changed, told, view = given
        try:
            for name, data in changed.items():
                (self.study / name).write_bytes(data)
            self.read(self.study, told=told, view=view)
        finally:
            for name in changed:
                (self.study / name).write_bytes(self.files[name])
