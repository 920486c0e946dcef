"""MAF files, spreadsheets, and the words that they use."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.generators import BASE
from support.places import EXAMPLES
from support.studies import MAF_HEADER, codes, genes, maf, measured, sheet, tabs

from recommender import InputError, Recommender
from recommender.evaluation.facts import read_facts
from recommender.importing import ImportOptions, import_profiles
from recommender.importing.delimited import Table
from recommender.importing.terms import Words


@pytest.mark.parametrize("gene", ["Hugo_Symbol", "HUGO_GENE_SYMBOL", "gene"])
@pytest.mark.parametrize(
    "change", ["ALTERATION", "HGVSP_SHORT", "hgvsp", "Amino_Acid_Change", "PROTEIN_CHANGE"]
)
@pytest.mark.parametrize("name", ["SAMPLE_ID", "tumor_sample_barcode"])
@pytest.mark.parametrize("kind", ["VARIANT_CLASSIFICATION", "Mutation_Type"])
def test_the_headers_of_maf_dialects(tmp_path: Path, gene: str, change: str, name: str, kind: str) -> None:
    (profile,) = maf(
        tmp_path, f"{gene}|{change}|{name}|{kind}", "TP53|p.R249S|T-1|Missense_Mutation"
    ).profiles
    assert [(one.gene, one.change) for one in profile.mutations] == [("TP53", "p.R249S")]


def test_a_maf_says_nothing_about_genes_that_it_does_not_list(tmp_path: Path) -> None:
    rows = ("Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification", "KEAP1|T-1|Nonsense_Mutation")
    (profile,) = maf(tmp_path, *rows).profiles
    assert genes(profile, "wild-type") == set()
    (profile,) = maf(tmp_path, *rows, assume_exome=True).profiles
    assert "TP53" in genes(profile, "wild-type")
    panel = EXAMPLES / "study" / "gene_panel_liver_3.txt"
    (profile,) = maf(tmp_path, *rows, panels=(panel,)).profiles
    assert genes(profile, "wild-type") == {"TP53"}


def test_words_for_states_in_the_alteration_column(tmp_path: Path) -> None:
    found = maf(
        tmp_path,
        "GENE|SAMPLE_ID|ALTERATION",
        "URI1|T-1|Amplification",
        "CDKN2A|T-1|Deletion",
        "TP53|T-1|Wildtype",
        "KEAP1|T-1|p.G333C",
        "NFE2L2|T-1|p.D29=",
        "CTNNB1|T-1|something",
    )
    states = {one.gene: one.state for one in found.profiles[0].mutations}
    assert states == {"URI1": "amplified", "CDKN2A": "deleted", "TP53": "wild-type", "KEAP1": "mutated"}
    assert "UNCERTAIN_VARIANT" in codes(found)


def test_the_cancer_type_of_a_maf(tmp_path: Path) -> None:
    found = maf(
        tmp_path, "GENE|SAMPLE_ID|ALTERATION|ONCOTREE_CODE", "TP53|T-1|p.R249S|HCC", "TP53|T-2|p.R249S|FLC"
    )
    assert [one.disease for one in found.profiles] == ["HCC", "FLC"]


def test_long_tcga_barcodes_are_samples_of_the_clinical_table(tmp_path: Path) -> None:
    clinical = tmp_path / "clinical.tsv"
    clinical.write_text(tabs("SAMPLE_ID|ONCOTREE_CODE", "TCGA-XX-0001-01|HCC"))
    found = maf(
        tmp_path, "GENE|SAMPLE_ID|ALTERATION", "TP53|TCGA-XX-0001-01A-11D-A12B-01|p.R249S", clinical=clinical
    )
    assert [(one.id, one.disease) for one in found.profiles] == [("TCGA-XX-0001-01", "HCC")]
    assert "BARCODE_SHORTENED" in codes(found)


def test_samples_of_one_patient_are_not_merged(tmp_path: Path) -> None:
    clinical = tmp_path / "clinical.tsv"
    clinical.write_text(tabs("PATIENT_ID|ONCOTREE_CODE", "TCGA-AA-0001|HCC"))
    found = maf(
        tmp_path,
        "GENE|SAMPLE_ID|ALTERATION",
        "TP53|TCGA-AA-0001-01A-11D|p.R249S",
        "KEAP1|TCGA-AA-0001-11A-11D|p.G333C",
        "CTNNB1|TCGA-AA-0001-02A-11D|p.S45F",
        clinical=clinical,
    )
    assert [(one.id, genes(one, "mutated")) for one in found.profiles] == [
        ("TCGA-AA-0001", {"TP53"}),
        ("TCGA-AA-0001-02A-11D", {"CTNNB1"}),
    ]
    assert {"REFERENCE_SAMPLE", "BARCODE_SHORTENED", "NOT_IN_CLINICAL"} <= codes(found)


def test_a_deletion_of_bases_is_no_deletion_of_the_gene(tmp_path: Path) -> None:
    found = maf(
        tmp_path, "Gene|Sample_Id|Mutation_Type|HGVSp", "KEAP1|S1|Deletion|p.G480fs", "TP53|S1|Deletion|"
    )
    assert not found.profiles[0].mutations
    assert "UNKNOWN_CLASSIFICATION" in codes(found)


def test_two_panels_for_a_maf_are_refused(tmp_path: Path) -> None:
    panel = EXAMPLES / "study" / "gene_panel_liver_3.txt"
    with pytest.raises(InputError, match="Give one"):
        maf(tmp_path, "GENE|SAMPLE_ID|ALTERATION", "TP53|T|p.R1S", panels=(panel, panel))


def test_a_table_in_the_ways_that_excel_writes_it(tmp_path: Path) -> None:
    comma = "id,disease,therapies,FASN,GSTZ1 z\nA,HCC,sorafenib; lenvatinib,high,-2.5\n"
    expected = sheet(tmp_path, comma).profiles[0]
    assert expected.therapies == ("sorafenib", "lenvatinib")
    assert expected.markers["GSTZ1"][0].value == -2.5
    ways: list[str | bytes] = [
        comma.replace(",", "\t"),
        "sep=;\n" + comma.replace(";", "|").replace(",", ";"),
        comma.replace(";", "|").replace(",", ";").replace("-2.5", "-2,5"),
        b"\xef\xbb\xbf" + comma.replace("\n", "\r\n").encode(),
        comma.replace(",", "\t").encode("utf-16"),
        'id,disease,therapies,FASN,GSTZ1 z\n"A","HCC","sorafenib; lenvatinib",high,-2.5\n,,,,\n',
    ]
    for way in ways:
        (profile,) = sheet(tmp_path, way).profiles
        assert (profile.id, profile.therapies) == (expected.id, expected.therapies)
        assert measured(profile) == {
            "FASN": "high",
            "GSTZ1": "low",
        }


def test_a_bad_row_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "id,FASN,FGFR4 z,HBsAg\nA,high,1,\nB,hihg,x,maybe\n,high,,\nA,low,,\nC,0.5,,\nD,low,,\n"
    )
    assert [one.id for one in found.profiles] == ["A", "D"]
    told = [str(one) for one in found.problems]
    assert "sheet.csv:3, column FASN" in told[1]
    assert "Did you mean high?" in told[1]
    assert len(told) == 6
    assert any("z-score" in one and "sheet.csv:6" in one for one in told)


def test_unknown_columns_are_told(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,GPX44,PDK1,P62\nA,high,high,high\n")
    assert set(found.profiles[0].markers) == {"SQSTM1"}
    assert codes(found) == {"UNKNOWN_COLUMN", "AMBIGUOUS_ALIAS", "NO_THERAPY"}
    assert "GPX4" in next(one.message for one in found.notices if one.code == "UNKNOWN_COLUMN")


def test_mutations_in_one_cell(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "id,mutations,KEAP1\nA,TP53 p.R249S; CTNNB1 wt; NFE2L2:p.D29H; URI1 amplified; 11-Sep,p.G333C\n",
    )
    states = {one.gene: (one.state, one.change) for one in found.profiles[0].mutations}
    assert states == {
        "TP53": ("mutated", "p.R249S"),
        "CTNNB1": ("wild-type", None),
        "NFE2L2": ("mutated", "p.D29H"),
        "URI1": ("amplified", None),
        "KEAP1": ("mutated", "p.G333C"),
    }
    assert "DAMAGED_SYMBOL" in codes(found)


def test_two_columns_that_contradict_each_other_leave_the_marker_unknown(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,CD274,PD-L1\nA,high,low\nB,high,high\n")
    assert "CD274" not in found.profiles[0].markers
    assert found.profiles[1].markers["CD274"][0].state == "high"
    assert {"CONTRADICTION", "DUPLICATE_COLUMN"} <= codes(found)


def test_a_table_without_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no column id"):
        sheet(tmp_path, "FASN,HBV\nhigh,positive\n")


@given(st.text(alphabet="ab,;\t\n\r\"'0idHBVFASN zp.+-=", max_size=80))
def test_any_table_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    file.write_bytes(b"id,HBV,FASN z\n" + text.encode())
    with suppress(InputError):
        for profile in import_profiles(file, BASE, ImportOptions(), form="table").profiles:
            read_facts(profile, BASE)


@pytest.mark.parametrize("text", ["Q4", "H200", "T3", "G2", "12 CPS", "3+", "c.13+50C>T", "p.?"])
def test_scores_and_grades_are_no_mutations(tmp_path: Path, text: str) -> None:
    found = sheet(tmp_path, f"id,FASN,mutations\nA,{text},\nB,,TP53 {text}\n")
    assert not found.profiles
    assert len(found.problems) == 2


def test_a_silent_change_in_a_table_is_no_mutation(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,KEAP1,mutations\nA,p.G333=,TP53 p.P36P; CTNNB1 mut\n")
    assert {one.gene for one in found.profiles[0].mutations} == {"CTNNB1"}
    assert "SILENT_CHANGE" in codes(found)


def test_columns_with_z_need_something_before_it(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,METZ,CPZ,FASN_z,GSTZ1 (z),MET-zscore\nA,3,3,3,3,3\n")
    assert set(found.profiles[0].markers) == {"FASN", "GSTZ1", "MET"}


def test_quotes_between_tabs(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'id\tmutations\tnote\nA\t"KEAP1; TP53 p.G1A"\t"one\ntwo"\n')
    (profile,) = found.profiles
    assert [one.change for one in profile.mutations] == [None, "p.G1A"]


def test_findings_on_two_axes_are_a_list(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,CD274,PD-L1,URI1\nA,high,positive,present\n")
    (profile,) = found.profiles
    assert profile.schema_version == "1.1"
    states = {name: [one.state for one in several] for name, several in profile.markers.items()}
    assert states == {"CD274": ["high", "positive"], "URI1": ["present"]}
    assert len(read_facts(found.profiles[0], BASE).findings) == 3


def test_every_word_of_the_rule_base_is_understood() -> None:
    words = Words(BASE)
    known = words.known
    assert len(known.terms) >= 10
    assert all([known.nulls, known.variants.mutation, known.variants.no_mutation, known.variants.uncertain])
    assert known.alterations
    for term in known.terms:
        for name in term.names:
            assert words.terms_in(name) == [(term, True)]
            assert words.terms_in(f"{name}: negative") == ([(term, False)] if term.marker else None)
    for text in words.known.nulls:
        assert words.is_null(f" {text.upper()} ")
    marker = BASE.vocabulary.markers["TP53"]
    for name in words.known.variants.mutation:
        assert words.variant(name, marker) == "mutation"
    for name in words.known.variants.no_mutation:
        assert words.variant(name, marker) == "no mutation"
    for name in words.known.variants.uncertain:
        assert words.variant(name, marker) == "uncertain"
    for name, state in words.known.alterations.items():
        assert words.alteration(name) == state


def test_several_classes_of_one_variant_count_as_the_gravest() -> None:
    words, marker = Words(BASE), BASE.vocabulary.markers["TP53"]
    assert words.variant("splice_region_variant&intron_variant", marker) == "uncertain"
    assert words.variant("intron_variant,missense_variant", marker) == "mutation"


def test_lines_of_quoted_cells_that_span_lines(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('id,note\nA,"one\ntwo"\nB,x\n')
    assert [(row.line, row.cells[0]) for row in Table(file, "x.csv", delimiter=None).rows()] == [
        (2, "A"),
        (4, "B"),
    ]


@pytest.mark.parametrize(
    "sign", ["{}?", "!{}", "~{}", "<{}", ">{}", "{}-", "-{}", "{} -", "¬{}", "≠{}", "~~{}~~"]
)
def test_a_sign_of_doubt_or_denial_is_never_left_out(
    tmp_path: Path, sign: str, recommender: Recommender
) -> None:
    words = [sign.format(word) for word in ("HCC", "sorafenib", "TP53", "mut", "high", "WT", "positive")]
    disease, therapy, gene, *states = words
    found = sheet(tmp_path, f"id,disease,therapies\nA,{disease},{therapy}\n")
    assert {"UNKNOWN_DISEASE", "UNKNOWN_THERAPY"} <= codes(found)
    assert not recommender.recommend(found.profiles[0]).recommendations
    found = sheet(tmp_path, f"id,mutations\nA,{gene}\n")
    assert not any(profile.mutations for profile in found.profiles)
    assert found.problems or "UNKNOWN_MARKER" in codes(found)
    for column, state in zip(("TP53", "FASN", "KEAP1", "HBV"), states, strict=True):
        found = sheet(tmp_path, f"id,{column}\nA,{state}\n")
        assert (found.profiles, len(found.problems)) == ((), 1)


@pytest.mark.parametrize("name", ["CD8+", "HBV-", "PD-L1+", "HBV −"])
def test_a_sign_behind_a_marker_may_mean_its_state(name: str) -> None:
    assert BASE.vocabulary.marker(name) is None
    assert BASE.vocabulary.marker("Fe2+") is not None


@pytest.mark.parametrize("state", ["negative", "high"])
def test_a_state_that_no_mutation_can_have_is_not_its_own_hint(tmp_path: Path, state: str) -> None:
    (problem,) = sheet(tmp_path, f"id,mutations\na,TP53 {state}\n").problems
    assert "Did you mean" not in problem.hint
    assert problem.hint == "Allowed: mutated, wild-type, amplified or deleted."


def test_one_row_is_not_many(tmp_path: Path) -> None:
    found = maf(tmp_path, MAF_HEADER, "TTN|T-01|Silent|")
    told = {one.code: one.message for one in found.notices}
    assert told["OUTSIDE_VOCABULARY"].startswith("1 row is of a gene")
    assert told["NO_THERAPY"].startswith("1 of 1 sample has no therapy")


def test_a_number_of_a_blood_test_that_no_rule_reads_costs_no_tumour(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "id,FASN,ferritin,PLT,AFP,Ki-67\na,high,350,90,400,20%\nb,low,120,101,3,elevated\n"
    )
    assert not found.problems
    assert [profile.id for profile in found.profiles] == ["a", "b"]
    assert [set(profile.markers) for profile in found.profiles] == [{"FASN"}, {"FASN", "MKI67"}]
    told = [one.message for one in found.notices if one.code == "UNREAD_TEXT"]
    assert len(told) == 4
    assert all("No rule reads it" in one for one in told)
    refused = sheet(tmp_path, "id,FASN\na,350\n")
    assert len(refused.problems) == 1


def test_a_marker_that_only_selects_is_read_by_a_rule(tmp_path: Path, recommender: Recommender) -> None:
    base = recommender.base
    required = {atom.name for atom in base.program.atoms}
    selecting = sorted({marker for marker, _ in base.read} - required)
    assert selecting
    for marker in selecting:
        (tmp_path / "t.csv").write_text(f"id,therapies,{marker}\na,sorafenib,strange\nb,sorafenib,high\n")
        found = import_profiles(tmp_path / "t.csv", base)
        assert [marker in one.where for one in found.problems] == [True]
        assert "UNREAD_TEXT" not in {one.code for one in found.notices}
