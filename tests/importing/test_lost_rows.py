"""Rows that are lost in ways that do not look like it: no finding may come from them."""

from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import MAF_HEADER, SV_META, Study, codes, genes, maf, sample, tabs

from recommender import InputError
from recommender.importing import Imported, ImportOptions, import_profiles

TP53 = "TP53|T-01|Missense_Mutation|p.R249S"
KEAP1 = "KEAP1|T-01|Missense_Mutation|p.G480W"


def beside(tmp_path: Path, ids: str, *rows: str) -> Imported:
    """What a MAF says beside a clinical table with those ids."""
    clinical = tmp_path / "clinical.tsv"
    clinical.write_text(tabs("SAMPLE_ID|ONCOTREE_CODE", *(f"{one}|HCC" for one in ids.split())))
    return maf(tmp_path, MAF_HEADER, *rows, clinical=clinical, assume_exome=True)


class TestSamples:
    """Rows of samples that the clinical tables do not name."""

    @pytest.mark.parametrize(("listed", "named"), [("7 8", ("7.0", "8.0")), ("7.0 8.0", ("7", "8"))])
    def test_numbers_as_pandas_writes_them(self, tmp_path: Path, listed: str, named: tuple[str, str]) -> None:
        found = beside(tmp_path, listed, *(f"KEAP1|{one}|Missense_Mutation|p.R320Q" for one in named))
        assert [one.id for one in found.profiles] == listed.split()
        assert all("KEAP1" in genes(one, "mutated") for one in found.profiles)

    @pytest.mark.parametrize("name", ["{}-DNA", "00{}", "Patient {}", "{}.bam"])
    def test_ids_of_another_kind_are_refused(self, tmp_path: Path, name: str) -> None:
        rows = [f"KEAP1|{name.format(one)}|Missense_Mutation|p.R320Q" for one in "56"]
        with pytest.raises(InputError, match="in no clinical table"):
            beside(tmp_path, "5 6", *rows)

    def test_a_row_of_a_stranger_may_be_of_any_sample_without_rows(self, tmp_path: Path) -> None:
        found = beside(
            tmp_path, "A-1 B-1 C-1", TP53.replace("T-01", "A-1"), "XRCC1|Z-9|Missense_Mutation|p.R194W"
        )
        assert "XRCC1" in genes(sample(found, "A-1"), "wild-type")
        assert not sample(found, "B-1").mutations
        assert not sample(found, "C-1").mutations
        assert "UNKNOWN_SAMPLE" in codes(found)

    def test_more_samples_than_the_table_names(self, tmp_path: Path) -> None:
        rows = [f"KEAP1|S-{one}|Missense_Mutation|p.R320Q" for one in range(6)]
        found = beside(tmp_path, "S-1", *rows)
        assert "TP53" in genes(sample(found, "S-1"), "wild-type")

    def test_a_structural_variant_of_a_stranger(self, study: Study) -> None:
        study.write("meta_sv.txt", SV_META)
        study.write("data_sv.txt", tabs("Sample_Id|Site1_Hugo_Symbol", "P-01-T-DNA|KEAP1"))
        found = study.read(assume_exome=True)
        assert not any("KEAP1" in genes(one, "wild-type") for one in found.profiles)
        assert "P-01-T-DNA" not in {one.id for one in found.profiles}


@pytest.mark.parametrize(
    "cell",
    [
        *("TP53_WRAP53", "WRAP53_TP53", "TP53.WRAP53", "TP53@WRAP53", "TP53_p.R249S", "TP53_HUMAN", "TP53.2"),
        *(
            "TP53_7157",
            "7157_WRAP53",
            "TP53_ENSG00000141510",
            "ENSG00000141510.5_TP53",
            "LOC7157",
            "TP53-201",
        ),
        *("TP53-201", "WRAP53;TP53_dup", "TP53._WRAP53", "chr17:7577121", "17_TP53"),
    ],
)
def test_a_symbol_joined_with_something_is_not_another_gene(tmp_path: Path, cell: str) -> None:
    rows = (f"{cell}|T-01|Missense_Mutation|p.R1Q", "KEAP1|T-01|Missense_Mutation|p.R320Q")
    (found,) = maf(tmp_path, MAF_HEADER, *rows, assume_exome=True).profiles
    assert "TP53" not in genes(found, "wild-type")
    assert genes(found, "mutated") == {"KEAP1"}


@pytest.mark.parametrize(
    "cell",
    ["HLA-A", "NKX2-1", "MT-CO1", "C1orf112", "RP11-34P13.7", "AC009817.1", "LOC100", "TP53-AS1", "KRTAP5-1"],
)
def test_symbols_with_hyphens_and_dots_are_other_genes(tmp_path: Path, cell: str) -> None:
    (found,) = maf(tmp_path, MAF_HEADER, TP53, f"{cell}|T-01|Silent|", assume_exome=True).profiles
    assert {"KEAP1", "XRCC1"} <= genes(found, "wild-type")


@pytest.mark.parametrize("cell", ["FASN|URI1", "FASN|84133|URI1", "URI1.1", "URI1_dup"])
def test_a_matrix_of_calls_with_two_genes_in_a_row(study: Study, cell: str) -> None:
    study.write("data_cna.txt", "Hugo_Symbol\tP-01-T\n" + f"{cell}\t2\n" + "URI1\t2\n" + f"{cell}\t-2\n")
    found = study.read(assume_exome=True)
    assert not genes(sample(found, "P-01-T"), "amplified")
    assert "SEVERAL_GENES" in codes(found)


@pytest.mark.parametrize("lost", ['"p.R1Q"', '"Silent"', '"TTN"', '"T-01"'])
def test_a_lost_quote_may_hide_any_row(tmp_path: Path, lost: str) -> None:
    rows = ("TTN|T-01|Silent|p.R1Q", "KEAP1|T-02|Missense_Mutation|p.R320Q", TP53, "TTN|T-02|Silent|p.R9R")
    lines = ["\t".join(f'"{one}"' for one in row.split("|")) for row in (MAF_HEADER, *rows)]
    lines[1] = lines[1].replace(lost, lost[:-1])
    file = tmp_path / "quoted.maf"
    file.write_text("\n".join(lines) + "\n")
    found = import_profiles(file, BASE, ImportOptions(assume_exome=True))
    stated = {(one.id, gene) for one in found.profiles for gene in genes(one, "wild-type")}
    assert ("T-02", "KEAP1") not in stated
    assert "MALFORMED_ROW" in codes(found)
    assert found.accounts[0].rows == len(rows)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Sample_Id|Site1_Hugo_Symbol|Event_Info", "P-01-T|ABC9|TP53 exon 4 deletion"),
        ("Sample_Id|Site1_Hugo_Symbol|Site1_Description", "P-01-T|ABC9|IGR: 5 kb before TP53"),
        ("Sample_Id|Site1_Hugo_Symbol|Left_Gene", "P-01-T|ABC9|TP53"),
        ("Sample_Id|Hugo_Symbol|Fusion", "P-01-T|ABC9|ABC9-TP53 fusion"),
        ("Sample_Id|Hugo_Symbol|Annotation", "P-01-T|ABC9|in frame (TP53_exon4::ABC9)"),
    ],
)
def test_a_structural_variant_names_its_gene_in_any_column(study: Study, header: str, row: str) -> None:
    study.write("meta_sv.txt", SV_META)
    study.write("data_mutations.txt", tabs(MAF_HEADER, "KEAP1|P-01-T|Silent|", "KEAP1|P-02-T|Silent|"))
    study.remove("meta_gene_panel_matrix.txt")
    study.write("data_sv.txt", tabs(header, row))
    found = study.read(assume_exome=True)
    assert "TP53" not in genes(sample(found, "P-01-T"), "wild-type")
    assert "TP53" in genes(sample(found, "P-02-T"), "wild-type")
    assert "STRUCTURAL_VARIANT" in codes(found)


@pytest.mark.parametrize("name", ["data_mutations_extended.txt", "data_mutation.txt", "more.maf"])
def test_mutations_that_no_meta_file_names_leave_no_wild_type(study: Study, name: str) -> None:
    assert any(genes(one, "wild-type") for one in study.read(assume_exome=True).profiles)
    study.write(name, tabs(MAF_HEADER, "KEAP1|P-01-T|Missense_Mutation|p.R320Q"))
    found = study.read(assume_exome=True)
    assert not any(genes(one, "wild-type") for one in found.profiles)
    assert ("FILE_NOT_READ", name) in {(one.code, one.path) for one in found.notices}


@pytest.mark.parametrize("second", ["1|0|2|3", "0|2|1|3", "3|2|1|0"])
def test_files_joined_with_their_columns_in_another_order_are_refused(tmp_path: Path, second: str) -> None:
    def ordered(row: str) -> str:
        cells = row.split("|")
        return "|".join(cells[int(place)] for place in second.split("|"))

    with pytest.raises(InputError, match="another order"):
        maf(tmp_path, MAF_HEADER, TP53, ordered(MAF_HEADER), ordered("KEAP1|T-02|Missense_Mutation|p.R320Q"))


@pytest.mark.parametrize(
    ("column", "cell", "mutated"),
    [
        *(
            (name, "germline", False)
            for name in ("Origin", "Status", "MS", "VAR_STATUS", "vcf_filter", "note")
        ),
        *((name, "FAIL", False) for name in ("FILTERS", "FILTER_STATUS", "qc")),
        *(("t_alt_count", "0", False), ("t_alt_count", "12", True), ("t_alt_count", "", True)),
        *(("t_vaf", "0.0", False), ("Tumor_VAF", "0", False), ("VAF", "0.31", True), ("VAF", "NA", True)),
        *(("is_germline", "TRUE", False), ("is_germline", "FALSE", True), ("Germline", "yes", False)),
        *(
            ("SOMATIC", "0", False),
            ("SOMATIC", "0;1", True),
            ("SOMATIC", "", True),
            ("artifact", "yes", False),
        ),
        *(("Genotype", "0/0", False), ("Genotype", "0/1", True), ("zygosity", "wildtype", False)),
        *(("Mutation Type", "Germline", False), ("Variant_Type", "SNP", True), ("Variant_Type", "WT", False)),
        *(
            ("Reference_Allele|Tumor_Seq_Allele1|Tumor_Seq_Allele2", cell, ok)
            for cell, ok in (
                ("G|G|G", False),
                ("G|G|A", True),
                ("G||A", True),
                ("-|-|AT", True),
                ("G||G", False),
            )
        ),
    ],
)
def test_a_column_that_denies_a_mutation(tmp_path: Path, column: str, cell: str, mutated: bool) -> None:
    row = f"TP53|T-01|Missense_Mutation|p.R249S|{cell}"
    found = maf(tmp_path, f"{MAF_HEADER}|{column}", row, assume_exome=True)
    (profile,) = found.profiles
    assert ("TP53" in genes(profile, "mutated")) == mutated
    assert "TP53" not in genes(profile, "wild-type")
    assert bool(codes(found) & {"VARIANT_NOT_COUNTED", "GERMLINE_VARIANT"}) != mutated


@pytest.mark.parametrize(
    ("kind", "change", "state"),
    [
        *(
            ("In_Frame_Del", "Deletion", None),
            ("Missense_Mutation", "Wildtype", None),
            ("", "Deletion", "deleted"),
        ),
        *(("", "p.R175_C176delinsRC", "wild-type"), ("", "p.S45delinsS", "wild-type")),
        *(("", "p.R175_C176delinsRW", "mutated"), ("", "p.R175_P177delinsRP", "mutated")),
    ],
)
def test_what_contradicts_itself_or_changes_nothing(
    tmp_path: Path, kind: str, change: str, state: str | None
) -> None:
    (found,) = maf(tmp_path, MAF_HEADER, f"TP53|T-01|{kind}|{change}", assume_exome=True).profiles
    assert next((one.state for one in found.mutations if one.gene == "TP53"), None) == state


@pytest.mark.parametrize("first", ["Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification"])
@pytest.mark.parametrize("cut", [0, 1, 2, 6])
def test_a_line_that_runs_into_the_next(tmp_path: Path, first: str, cut: int) -> None:
    names = MAF_HEADER.split("|")
    order = [names.index(first), *(place for place, name in enumerate(names) if name != first)]
    texts = (MAF_HEADER, "CTNNB1|T-01|Missense_Mutation|p.S45F", KEAP1, TP53.replace("T-01", "T-02"))
    header, other, whole, following = ("|".join(text.split("|")[at] for at in order) for text in texts)
    left = whole[: len(whole) - cut]
    assert "KEAP1" in left
    assert "T-01" in left
    found = maf(
        tmp_path, header, other, f"{left}{following}", other.replace("T-01", "T-02"), assume_exome=True
    )
    assert "CTNNB1" in genes(sample(found, "T-01"), "mutated")
    assert not {"TP53", "KEAP1"} & genes(sample(found, "T-01"), "wild-type")
    assert "TP53" not in genes(sample(found, "T-02"), "wild-type")
