"""The laws of rows of mutations that were not understood: none becomes a finding."""

import gzip
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from support import independent
from support.generators import BASE
from support.studies import MAF_HEADER, SEQUENCED, findings, maf, meta, tabs

from recommender import InputError
from recommender.importing import ImportOptions, import_profiles
from recommender.importing.doubt import MAX_SHARE, MIN_ROWS
from recommender.importing.genes import Genes

HEADER = ("Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short", "FILTER")
OTHERS = ["TTN", "MUC16", "A1BG-AS1", "RP11-34P13.7", "7SK"]
SAMPLES = ["T-01", "T-02", "T-03"]
KINDS = [
    ("Missense_Mutation", "p.R320Q"),
    ("Nonsense_Mutation", "p.K97*"),
    ("Frame_Shift_Del", "p.G480fs"),
    ("Splice_Site", ""),
    ("Silent", "p.L320="),
    ("Intron", ""),
    ("IGR", ""),
]

Cells = list[str]


def read(folder: Path, rows: list[Cells]) -> set[tuple[str, str, str]]:
    file = folder / "calls.maf"
    file.write_text("".join("\t".join(row) + "\n" for row in [list(HEADER), *rows]))
    try:
        return findings(import_profiles(file, BASE, ImportOptions(assume_exome=True)))
    except InputError as error:
        assert "it holds no sample" in str(error)  # noqa: PT017 - the only row names none
        return set()


def row(gene: str, name: str, kind: tuple[str, str]) -> Cells:
    return [gene, name, *kind, "PASS"]


some_row = st.builds(
    row, st.sampled_from([*SEQUENCED, *SEQUENCED, *OTHERS]), st.sampled_from(SAMPLES), st.sampled_from(KINDS)
)
some_rows = st.lists(some_row, min_size=1, max_size=12)


def cell(place: int, text: str) -> Callable[[Cells], list[Cells]]:
    return lambda cells: [[*cells[:place], text.format(*[cells[place]] * 2), *cells[place + 1 :]]]


def inserted(place: int, text: str) -> Callable[[Cells], list[Cells]]:
    return lambda cells: [[*cells[:place], text, *cells[place:]]]


def lost(place: int) -> Callable[[Cells], list[Cells]]:
    return lambda cells: [[*cells[:place], *cells[place + 1 :]]]


def glued(sign: str) -> Callable[[Cells], list[Cells]]:
    return lambda cells: [[sign.join(cells)]]


DAMAGE: dict[str, Callable[[Cells], list[Cells]]] = {
    **{f"a cell more at {place}": inserted(place, "x") for place in range(6)},
    **{f"a number more at {place}": inserted(place, "17") for place in range(3)},
    **{f"a cell less at {place}": lost(place) for place in range(4)},
    **{f"the gene {text}": cell(0, text) for text in ("", "NA", "{}#", "{};A1BG", "A1BG,{}", "{}|9817")},
    **{f"the gene {text}": cell(0, text) for text in ("ENSG00000079999", "{}(NM_012289)", "NM_012289.3")},
    **{f"the gene {text}": cell(0, text) for text in ("{} {}", "\u00bf", "?", "{}/{}")},
    **{f"the sample {text}": cell(1, text) for text in ("", "NA", "Missense_Mutation", "TP53", "FILTER")},
    **{f"the class {text}": cell(2, text) for text in ("Mistake", "Targeted_Region", "{}x", "?")},
    **{f"the change {text}": cell(3, text) for text in ("wild type (exons 2-6)", "{} (germline)")},
    **{f"the filter {text}": cell(4, text) for text in ("common_variant", "germline_risk", "weird")},
    **{f"glued by {sign!r}": glued(sign) for sign in ("", " ", ",", ";", "|")},
    "commented out": cell(0, "#{}"),
    "cut off": lambda cells: [cells[:1]],
    "a quote that is not closed": cell(0, '"{}'),
}


@given(kind=st.sampled_from(list(DAMAGE)), rows=some_rows, which=st.integers(0, 11))
def test_a_damaged_row_never_adds_a_finding(
    tmp_path_factory: pytest.TempPathFactory, kind: str, rows: list[Cells], which: int
) -> None:
    folder = tmp_path_factory.mktemp("maf")
    before = read(folder, rows)
    at = which % len(rows)
    after = read(folder, [*rows[:at], *DAMAGE[kind](rows[at]), *rows[at + 1 :]])
    assert after <= before


@given(rows=some_rows, which=st.integers(0, 11))
def test_a_row_that_is_deleted_adds_at_most_its_wild_type(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Cells], which: int
) -> None:
    folder = tmp_path_factory.mktemp("maf")
    before = read(folder, rows)
    gene, name, *_ = rows.pop(which % len(rows))
    assert read(folder, rows) - before <= {(name, gene, "wild-type")}


@given(
    rows=some_rows,
    which=st.integers(0, 11),
    symbol=st.from_regex(r"[A-Z][A-Z0-9-]{1,8}[A-Z]", fullmatch=True),
)
def test_a_well_formed_symbol_outside_the_vocabulary_is_another_gene(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Cells], which: int, symbol: str
) -> None:
    assume(not Genes(BASE).read(symbol).marker and not Genes(BASE).read(symbol).code)
    folder = tmp_path_factory.mktemp("maf")
    at = which % len(rows)
    _, name, *rest = rows[at]
    elsewhere = [*rows[:at], ["TTN", name, *rest], *rows[at + 1 :]]
    assert read(folder, [*rows[:at], [symbol, name, *rest], *rows[at + 1 :]]) == read(folder, elsewhere)


@given(rows=some_rows, place=st.floats(0, 1), junk=st.text(alphabet='\t\n "#;,|%=\u00b7\x00', max_size=4))
def test_no_finding_is_stated_that_an_independent_reader_does_not_see(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Cells], place: float, junk: str
) -> None:
    folder = tmp_path_factory.mktemp("maf")
    header, *lines = ["\t".join(cells) for cells in [list(HEADER), *rows]]
    text = "\n".join(lines)
    at = int(place * len(text))
    text = f"{header}\n{text[:at]}{junk}{text[at:]}\n"
    (folder / "calls.maf").write_text(text)
    try:
        found = import_profiles(folder / "calls.maf", BASE, ImportOptions(assume_exome=True))
    except InputError:
        reject()
    samples = {one.id or "" for one in found.profiles}
    stated = findings(found)
    assume(stated)
    for name, gene, state in stated:
        if state == "mutated":
            assert independent.may_be_mutated(text.replace('"', " "), name, gene)
        else:
            assert independent.may_be_wild_type(text, name, gene, samples)


def rows_of(count: int) -> list[str]:
    return [f"GENE{number}|T-{number % 4}|Missense_Mutation|p.R{number + 1}S" for number in range(count)]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda line: line + "|x", "more cells than the header"),
        (lambda line: line.replace("|", " "), "fewer cells than the header"),
        (lambda line: re.sub(r"T-\d", "", line), "name no sample"),
        (lambda line: "ENSG00000079999" + line[line.index("|") :], "name no gene"),
    ],
)
def test_a_file_that_is_mostly_not_understood_is_refused(
    tmp_path: Path, damage: Callable[[str], str], told: str
) -> None:
    many = rows_of(40)
    few = int(MAX_SHARE * len(many))
    assert maf(tmp_path, MAF_HEADER, *map(damage, many[:few]), *many[few:]).profiles
    with pytest.raises(InputError, match=told):
        maf(tmp_path, MAF_HEADER, *map(damage, many[: few + 1]), *many[few + 1 :])
    short = many[: MIN_ROWS - 1]
    assert maf(tmp_path, MAF_HEADER, many[30], *map(damage, short[1:])).profiles


def saved_by_r(rows: list[Cells], *, names: bool, quote: str = '"') -> str:
    def quoted(cells: Cells) -> str:
        return "\t".join(quote + one.replace('"', '\\"') + quote for one in cells)

    body = [[str(number), *cells] if names else cells for number, cells in enumerate(rows[1:], 1)]
    return "\n".join(map(quoted, [rows[0], *body])) + "\n"


def shuffled(rows: list[Cells]) -> str:
    chance = random.Random(7)
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    body = chance.sample(rows[1:], len(rows) - 1)
    return "".join("\t".join(cells[place] for place in order) + "\n" for cells in [rows[0], *body])


def plain(rows: list[Cells]) -> str:
    return "".join("\t".join(cells) + "\n" for cells in rows)


def numbered(rows: list[Cells]) -> list[Cells]:
    return [["" if at == 0 else str(at - 1), *cells] for at, cells in enumerate(rows)]


SAVED: dict[str, Callable[[list[Cells]], bytes]] = {
    "as it was": lambda rows: plain(rows).encode(),
    "by R": lambda rows: saved_by_r(rows, names=False).encode(),
    "by R with row names": lambda rows: saved_by_r(rows, names=True).encode(),
    "by R with row names and no quotes": lambda rows: saved_by_r(rows, names=True, quote="").encode(),
    "by R with spaces": lambda rows: saved_by_r(rows, names=False).replace("\t", " ").encode(),
    "by pandas": lambda rows: plain(numbered(rows)).encode(),
    "with CRLF": lambda rows: plain(rows).replace("\n", "\r\n").encode(),
    "with a byte order mark": lambda rows: b"\xef\xbb\xbf" + plain(rows).encode(),
    "in UTF-16": lambda rows: plain(rows).encode("utf-16"),
    "packed": lambda rows: gzip.compress(plain(rows).encode(), mtime=0),
    "with rows and columns shuffled": lambda rows: shuffled(rows).encode(),
    "joined to itself": lambda rows: plain(rows + rows).encode(),
    "without spaces at the ends": lambda rows: "".join(
        one.rstrip() + "\n" for one in plain(rows).splitlines()
    ).encode(),
    "with commas": lambda rows: "".join(
        ",".join(f'"{one}"' for one in cells) + "\n" for cells in rows
    ).encode(),
}


def clean_study(folder: Path) -> Path:
    """A study of our own without anything that a reader could take in two ways."""
    chance = random.Random(3)
    genes = [*SEQUENCED, "URI1", "C19orf2", "NFE2L2", *OTHERS]
    rows = [
        row(chance.choice(genes), f"S-{chance.randrange(30):02}", chance.choice(KINDS)) for _ in range(400)
    ]
    folder.mkdir()
    names = sorted({cells[1] for cells in rows})
    (folder / "meta_study.txt").write_text("type_of_cancer: hcc\ncancer_study_identifier: t\n")
    (folder / "meta_clinical.txt").write_text(meta("CLINICAL", "SAMPLE_ATTRIBUTES", "clinical.txt"))
    (folder / "clinical.txt").write_text(tabs("SAMPLE_ID|PATIENT_ID", *(f"{name}|P{name}" for name in names)))
    (folder / "meta_mutations.txt").write_text(meta("MUTATION_EXTENDED", "MAF", "data_mutations.txt"))
    (folder / "data_mutations.txt").write_text(plain([list(HEADER), *rows]))
    return folder


@pytest.mark.parametrize("way", SAVED)
@pytest.mark.parametrize("source", ["ours", *(["LIHC_STUDY"] if "LIHC_STUDY" in os.environ else [])])
def test_a_study_is_counted_as_by_an_independent_reader(tmp_path: Path, source: str, way: str) -> None:
    folder = tmp_path / "study"
    if source == "ours":
        clean_study(folder)
    else:
        shutil.copytree(os.environ["LIHC_STUDY"], folder)
    file = folder / "data_mutations.txt"
    file.chmod(0o644)
    text = file.read_text()
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    file.write_bytes(SAVED[way](rows))
    found = import_profiles(folder, BASE, ImportOptions(assume_exome=True))
    genes = [marker for marker in BASE.vocabulary.markers.values() if marker.hgnc]
    names = {name.upper(): one.symbol for one in genes for name in (*one.previous, one.symbol)}
    counted = independent.table(text)
    stated = {
        state: {
            (one.id, marker.symbol)
            for one in found.profiles
            for gene in one.mutations
            if gene.state == state and (marker := BASE.vocabulary.marker(gene.gene))
        }
        for state in ("mutated", "wild-type")
    }
    samples = [one.id or "" for one in found.profiles]
    assert stated["mutated"] == independent.changed_pairs(counted, names)
    assert stated["wild-type"] == independent.pairs_without_rows(counted, samples, SEQUENCED)
    assert len(stated["mutated"]) > 50
    assert len(stated["wild-type"]) > 50
