"""The laws of what was not understood: it never becomes a finding."""

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
from support.studies import Study, codes, maf, sample, sheet, tabs

from recommender import InputError, Recommender
from recommender.importing import Imported, ImportOptions, import_profiles
from recommender.importing.doubt import MAX_SHARE, MIN_ROWS
from recommender.importing.genes import Genes

HEADER = ("Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short", "FILTER")
ASKED = [marker.symbol for marker in Genes(BASE).asked("sequence")]
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

Finding = tuple[str, str, str]
Cells = list[str]


def findings(found: Imported) -> set[Finding]:
    return {
        *((one.id or "", gene.gene, gene.state) for one in found.profiles for gene in one.mutations),
        *(
            (one.id or "", name, measured.state or "")
            for one in found.profiles
            for name, measured, _ in one.measured()
        ),
    }


def read(folder: Path, rows: list[Cells]) -> set[Finding]:
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
    row, st.sampled_from([*ASKED, *ASKED, *OTHERS]), st.sampled_from(SAMPLES), st.sampled_from(KINDS)
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


@pytest.mark.parametrize("value", ["x", "2x", "-2.5", "3", "deleted", "-2;0", "1e9"])
@pytest.mark.parametrize("call", ["-2", "2", "0"])
def test_a_call_that_is_not_understood_leaves_the_gene_unknown(study: Study, call: str, value: str) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", f"XRCC1|{call}|0", "URI1|2|2"))
    before = findings(study.read())
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", f"XRCC1|{value}|0", "URI1|2|2"))
    after = findings(study.read())
    assert after < before
    assert ("P-01-T", "XRCC1", "wild-type") not in after
    assert "UNKNOWN_VALUE" in codes(study.read())


@pytest.mark.parametrize(
    "row",
    [
        "XRCC1|-2",
        "XRCC1|-2|0|7",
        "x|XRCC1|-2|0",
        "17|XRCC1|-2|0",
        "XRCC1;A1BG|-2|0",
        "XR#C1|-2|0",
        "|-2|0",
        "#XRCC1|-2|0",
    ],
)
def test_a_row_of_calls_that_is_not_understood_may_be_a_deletion(study: Study, row: str) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "XRCC1|-2|0", "URI1|2|2"))
    before = findings(study.read())
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", row, "URI1|2|2"))
    after = findings(study.read())
    assert after <= before
    assert ("P-01-T", "XRCC1", "wild-type") not in after


def test_two_calls_of_one_gene_may_be_a_deletion(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "XRCC1|-2|0", "XRCC1|0|0"))
    assert ("P-01-T", "XRCC1", "wild-type") not in findings(study.read())


def test_a_z_score_that_is_not_understood_leaves_the_level_unknown(study: Study) -> None:
    name = "data_mrna_zscores_ref_all_samples.txt"
    study.write(name, tabs("Hugo_Symbol|P-01-T|P-02-T", "FASN|x|3", "FASN|3|3", "URI1|3|3|3", "URI1|3|3"))
    found = findings(study.read())
    assert {one for one in found if one[1] in ("FASN", "URI1") and one[2] == "high"} == {
        ("P-02-T", "FASN", "high")
    }


SV = "Sample_Id|SV_Status|Site1_Hugo_Symbol|Site1_Entrez_Gene_Id|Site2_Hugo_Symbol|Site2_Entrez_Gene_Id"


@pytest.mark.parametrize(
    ("row", "unknown", "others"),
    [
        ("P-01-T|SOMATIC|XRCC1||TTN|", {"XRCC1"}, False),
        ("P-01-T|SOMATIC||7515||", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|TTN|7273||7515.0", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|XRCC1;TTN|||", {"XRCC1"}, False),
        ("|SOMATIC|XRCC1|||", {"XRCC1"}, True),
        ("P-01-T|SOMATIC||||", set(ASKED), False),
        ("P-01-T|SOMATIC|ENSG00000079999|||", set(ASKED), False),
        ("P-01-T|SOMATIC|XRCC1", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|XRCC1||||x", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|TTN||MUC16|", set(), False),
    ],
)
def test_the_genes_of_structural_variants_are_not_wild_type(
    study: Study, row: str, unknown: set[str], others: bool
) -> None:
    before = findings(study.read())
    study.write(
        "meta_sv.txt",
        "genetic_alteration_type: STRUCTURAL_VARIANT\ndatatype: SV\ndata_filename: data_sv.txt\n",
    )
    study.write("data_sv.txt", tabs(SV, row))
    lost_findings = before - findings(study.read())
    names = {one for one, _, state in before if state == "wild-type"} if others else {"P-01-T"}
    assert lost_findings == {
        (name, gene, state)
        for name, gene, state in before
        if state == "wild-type" and name in names and gene in unknown
    }


def test_fusions_of_older_studies_are_not_wild_type(study: Study) -> None:
    study.write(
        "meta_fusions.txt", "genetic_alteration_type: FUSION\ndatatype: FUSION\ndata_filename: fusions.txt\n"
    )
    study.write("fusions.txt", tabs("Hugo_Symbol|Tumor_Sample_Barcode|Fusion", "XRCC1|P-01-T|XRCC1-TTN"))
    assert ("P-01-T", "XRCC1", "wild-type") not in findings(study.read())


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
    header = "Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification|HGVSp_Short"
    many = rows_of(40)
    few = int(MAX_SHARE * len(many))
    assert maf(tmp_path, header, *map(damage, many[:few]), *many[few:]).profiles
    with pytest.raises(InputError, match=told):
        maf(tmp_path, header, *map(damage, many[: few + 1]), *many[few + 1 :])
    short = many[: MIN_ROWS - 1]
    assert maf(tmp_path, header, many[30], *map(damage, short[1:])).profiles


def test_a_matrix_of_ratios_is_not_one_of_calls(study: Study) -> None:
    genes = [marker.symbol for marker in BASE.vocabulary.markers.values() if marker.hgnc][:30]
    study.write(
        "data_cna.txt", tabs("Hugo_Symbol|P-01-T", *(f"{gene}|0.{at + 1}3" for at, gene in enumerate(genes)))
    )
    with pytest.raises(InputError, match="not as ratios"):
        study.read()


@pytest.mark.parametrize(
    "content",
    [
        tabs("Hugo_Symbol|TP53|URI1", "P-01-T|2|0", "P-02-T|0|2"),
        tabs("SAMPLE_ID|TP53|URI1", "P-01-T|2|0"),
    ],
)
def test_a_matrix_that_is_turned_round_is_refused(study: Study, content: str) -> None:
    study.write("data_cna.txt", content)
    with pytest.raises(InputError, match="Transpose it"):
        study.read()


def test_a_matrix_without_samples_may_hold_deletions(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|X-1|X-2", "TP53|2|0"))
    found = study.read()
    assert "NO_SAMPLES" in codes(found)
    assert not {one for one in findings(found) if one[2] == "wild-type"}


@pytest.mark.parametrize(
    ("rows", "disease"),
    [
        (["P-01|P-01-T|HCC", "P-01|P-01-T|FLC"], "HCC or FLC"),
        (["P-01|P-01-T|HCC", "P-01|P-01-T|Hepatocellular Carcinoma"], "HCC"),
        (["P-01|P-01-T|HCC", "P-01|P-01-T|HCC"], "HCC"),
        (["P-01|P-01-T|", "P-01|P-01-T|CHOL"], "CHOL"),
        (["P-01|P-01-T|[Discrepancy]"], "[Discrepancy]"),
        (["P-01|P-01-T|HCC|x"], None),
        (["P-01|P-01-T"], None),
    ],
)
def test_a_disease_that_is_not_clear_is_not_stated(
    study: Study, rows: list[str], disease: str | None
) -> None:
    study.write("data_clinical_sample.txt", tabs("PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE", *rows))
    assert sample(study.read(), "P-01-T").disease == disease


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("CANCER_TYPE_DETAILED", "HCC", "Fibrolamellar Carcinoma"),
        ("HBSAG", "positive", "negative"),
        ("HBV_STATUS", "no", "yes"),
    ],
)
def test_a_sample_and_its_patient_that_disagree_state_nothing(
    study: Study, recommender: Recommender, column: str, first: str, second: str
) -> None:
    study.write("data_clinical_sample.txt", tabs(f"PATIENT_ID|SAMPLE_ID|{column}", f"P-01|P-01-T|{first}"))
    study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", f"P-01|{second}"))
    found = study.read()
    profile = sample(found, "P-01-T")
    assert "CONTRADICTION" in codes(found)
    assert "HBV" not in profile.markers
    assert bool(recommender.recommend(profile).recommendations) == (column != "CANCER_TYPE_DETAILED")


def test_a_sample_of_two_patients_has_nothing_of_either(study: Study) -> None:
    study.write(
        "data_clinical_sample.txt",
        tabs("PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE", "P-01|P-01-T|HCC", "P-02|P-01-T|HCC"),
    )
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG", "P-01|positive", "P-02|positive"))
    found = study.read()
    profile = sample(found, "P-01-T")
    assert (profile.disease, profile.therapies, profile.markers.get("HBV")) == ("HCC", (), None)
    assert "CONTRADICTION" in codes(found)


def test_a_further_row_adds_what_the_first_leaves_empty(study: Study) -> None:
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG", "P-01|", "P-01|positive"))
    assert sample(study.read(), "P-01-T").markers["HBV"][0].state == "positive"


def test_two_columns_of_the_disease_that_disagree_are_declined(
    tmp_path: Path, recommender: Recommender
) -> None:
    found = sheet(tmp_path, "id,disease,diagnosis,therapies\nA,HCC,FLC,sorafenib\n")
    assert "CONTRADICTION" in codes(found)
    assert not recommender.recommend(found.profiles[0]).recommendations


def test_a_prior_therapy_did_not_have_to_fail(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,therapies,prior_therapy\nA,sorafenib,lenvatinib\n")
    assert found.profiles[0].resistant_to == ()
    assert "UNKNOWN_COLUMN" in codes(found)


def test_infections_that_rows_state_differently_are_unknown(study: Study) -> None:
    header = "PATIENT_ID|HBSAG|HCV_STATUS"
    study.write("data_clinical_patient.txt", tabs(header, "P-01|negative|positive", "P-01|positive|positive"))
    found = study.read()
    assert {
        name: one.state for name, one, _ in sample(found, "P-01-T").measured() if name in ("HBV", "HCV")
    } == {"HCV": "positive"}
    assert "CONTRADICTION" in codes(found)


@pytest.mark.parametrize("cell", ["perhaps", "1:200", "see note"])
def test_a_test_that_is_not_understood_shuts_out_what_it_may_contradict(study: Study, cell: str) -> None:
    header = "PATIENT_ID|HBSAG|HISTORY_HEPATO_CARCINOMA_RISK_FACTORS|HBV_DNA"
    study.write(
        "data_clinical_patient.txt", tabs(header, f"P-01|{cell}|Hepatitis_B|", f"P-02|{cell}||positive")
    )
    found = study.read()
    assert "HBV" not in {name for name, _, _ in sample(found, "P-01-T").measured()}
    assert "HBV" in {name for name, _, _ in sample(found, "P-02-T").measured()}


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
    "by pandas": lambda rows: plain(
        [["" if at == 0 else str(at - 1), *cells] for at, cells in enumerate(rows)]
    ).encode(),
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
    genes = [*ASKED, "URI1", "C19orf2", "NFE2L2", *OTHERS]
    rows = [
        row(chance.choice(genes), f"S-{chance.randrange(30):02}", chance.choice(KINDS)) for _ in range(400)
    ]
    folder.mkdir()
    names = sorted({cells[1] for cells in rows})
    (folder / "meta_study.txt").write_text("type_of_cancer: hcc\ncancer_study_identifier: t\n")
    meta = "genetic_alteration_type: {}\ndatatype: {}\ndata_filename: {}\n"
    (folder / "meta_clinical.txt").write_text(meta.format("CLINICAL", "SAMPLE_ATTRIBUTES", "clinical.txt"))
    (folder / "clinical.txt").write_text(tabs("SAMPLE_ID|PATIENT_ID", *(f"{name}|P{name}" for name in names)))
    (folder / "meta_mutations.txt").write_text(meta.format("MUTATION_EXTENDED", "MAF", "data_mutations.txt"))
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
    assert stated["wild-type"] == independent.pairs_without_rows(counted, samples, ASKED)
    assert len(stated["mutated"]) > 50
    assert len(stated["wild-type"]) > 50
