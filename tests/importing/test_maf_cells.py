"""Cells of MAF files that were read wrongly once, each in the spellings in which it occurs."""

from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import MAF_HEADER, codes, maf, sample, sheet, states, tabs

from recommender import InputError, Profile, Recommender
from recommender.importing import ImportOptions, import_profiles


def one_row(tmp_path: Path, row: str, header: str = MAF_HEADER) -> tuple[dict[str, str | None], set[str]]:
    """What a MAF with a clear row of TP53 and one more says, where all genes were sequenced."""
    found = maf(tmp_path, header, row, "TP53|T-01|Missense_Mutation|p.R249S", assume_exome=True)
    return states(sample(found, "T-01")), codes(found)


class TestGenes:
    """A cell for the gene that is not one symbol."""

    @pytest.mark.parametrize(
        "cell",
        [
            *("KEAP1;S1PR5", "S1PR5;KEAP1", "KEAP1,S1PR5", "KEAP1(NM_012289)", "KEAP1 (9817)"),
            *("KEAP1/S1PR5", "KEAP1&S1PR5", "NONE(dist=NONE),KEAP1(dist=1203)", "KEAP1:NM_012289", "9817"),
        ],
    )
    def test_several_names_leave_those_unknown_that_may_be_meant(self, tmp_path: Path, cell: str) -> None:
        found, told = one_row(tmp_path, f"{cell}|T-01|Missense_Mutation|p.R320Q")
        assert "KEAP1" not in found
        assert found["XRCC1"] == "wild-type"
        assert told & {"SEVERAL_GENES", "UNKNOWN_GENE"}

    @pytest.mark.parametrize(
        "cell", ["A1BG;S1PR5", "IGHV(II)-20-1", "RP11-34P13.7", "7SK", "HLA-A", "KEAP1-AS1"]
    )
    def test_names_of_other_genes_leave_nothing_unknown(self, tmp_path: Path, cell: str) -> None:
        found, _ = one_row(tmp_path, f"{cell}|T-01|Missense_Mutation|p.R320Q")
        assert found["KEAP1"] == "wild-type"

    @pytest.mark.parametrize(
        "cell", ["ENSG00000079999", "ENST00000171111.5", "NM_012289.3", "KE\u00a7P1", "", "Unknown"]
    )
    def test_what_is_no_symbol_may_be_any_gene(self, tmp_path: Path, cell: str) -> None:
        found, told = one_row(tmp_path, f"{cell}|T-01|Missense_Mutation|p.R320Q")
        assert found == {"TP53": "mutated"}
        assert "UNKNOWN_GENE" in told

    @pytest.mark.parametrize(
        "kind", ["IGR", "Intron", "5'Flank", "3'UTR", "RNA", "intergenic_variant", "intergenic"]
    )
    @pytest.mark.parametrize("cell", ["Unknown", "", ".", "NONE(dist=NONE),KEAP1(dist=1203)"])
    def test_a_row_that_changes_no_gene_needs_none(self, tmp_path: Path, cell: str, kind: str) -> None:
        found, told = one_row(tmp_path, f"{cell}|T-01|{kind}|")
        assert found["KEAP1"] == "wild-type"
        assert "UNKNOWN_GENE" not in told

    @pytest.mark.parametrize("cell", ["KEAP1-TTN", "TTN-KEAP1", "KEAP1--XRCC1", "KEAP1::TTN"])
    def test_a_fusion_names_its_genes(self, tmp_path: Path, cell: str) -> None:
        found, told = one_row(tmp_path, f"{cell}|T-01|Fusion|")
        assert "KEAP1" not in found
        assert "SEVERAL_GENES" in told

    @pytest.mark.parametrize("cell", ["HGNC:23177", "hgnc:23177", "keap1", "KEAP1\u00a0", " KEAP1 "])
    def test_the_gene_in_other_spellings(self, tmp_path: Path, cell: str) -> None:
        assert one_row(tmp_path, f"{cell}|T-01|Missense_Mutation|p.R320Q")[0]["KEAP1"] == "mutated"

    def test_a_row_of_sums_is_no_tumour(self, tmp_path: Path) -> None:
        found = maf(
            tmp_path, MAF_HEADER, "TP53|T-01|Missense_Mutation|p.R249S", "Total|1||", assume_exome=True
        )
        assert [one.id for one in found.profiles] == ["T-01"]
        assert states(found.profiles[0])["KEAP1"] == "wild-type"
        assert "MALFORMED_ROW" in codes(found)

    @pytest.mark.parametrize(
        "name", ["P1T", "H12N", "1", "S 1", "GSM1:rep1", "MSK_1", "A.1", "R249S", "RNA-1"]
    )
    def test_what_may_name_a_sample(self, tmp_path: Path, name: str) -> None:
        found = maf(tmp_path, MAF_HEADER, f"KEAP1|{name}|Missense_Mutation|p.R320Q", assume_exome=True)
        assert [(one.id, states(one)["KEAP1"]) for one in found.profiles] == [(name, "mutated")]

    def test_ids_with_other_separators_are_other_tumours(self, tmp_path: Path) -> None:
        rows = ("KEAP1|S-1|Missense_Mutation|p.R320Q", "TP53|S.1|Missense_Mutation|p.R249S")
        found = maf(tmp_path, MAF_HEADER, *rows)
        assert [(one.id, states(one)) for one in found.profiles] == [
            ("S-1", {"KEAP1": "mutated"}),
            ("S.1", {"TP53": "mutated"}),
        ]

    def test_two_samples_in_a_cell_may_be_any(self, tmp_path: Path) -> None:
        rows = ("KEAP1|T-1,T-2|Missense_Mutation|p.R320Q", "TP53|T-1|Silent|", "TP53|T-2|Silent|")
        found = maf(tmp_path, MAF_HEADER, *rows, assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-1", "T-2"]
        assert all("KEAP1" not in states(one) for one in found.profiles)

    def test_empty_cells_that_were_taken_from_all_ends(self, tmp_path: Path) -> None:
        rows = ("KEAP1|T-01|Missense_Mutation", "TP53|T-01|Silent", "TTN|T-02|Intron")
        found = maf(tmp_path, MAF_HEADER, *rows, assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-01", "T-02"]
        assert states(found.profiles[0])["KEAP1"] == "mutated"
        assert states(found.profiles[1])["KEAP1"] == "wild-type"

    def test_the_symbol_beside_an_id(self, tmp_path: Path) -> None:
        header = "Sample_Id|Gene|SYMBOL|Consequence|HGVSp"
        found = maf(
            tmp_path,
            header,
            "T-01|ENSG00000079999|KEAP1|missense_variant|ENSP00000171111.5:p.Arg320Gln",
            "T-01|ENSG00000141510||missense_variant|",
            assume_exome=True,
        )
        (mutation,) = found.profiles[0].mutations
        assert (mutation.gene, mutation.change) == ("KEAP1", "p.Arg320Gln")


class TestStatus:
    """Columns that say whether a row counts."""

    @pytest.mark.parametrize(
        ("column", "cell", "state"),
        [
            *(
                ("Mutation_Status", cell, "mutated")
                for cell in ("Somatic", "SOMATIC", "", "NA", "Unknown", ".")
            ),
            *(
                ("Mutation_Status", cell, None)
                for cell in ("None", "LOH", "Germline", "germline", "none", "RNA Editing")
            ),
            *(("Mutation_Status", cell, None) for cell in ("surprising", "Germline;Somatic", "UNCALLED")),
            ("Mutation_Status", "Wildtype", "wild-type"),
            *(("FILTER", cell, "mutated") for cell in ("PASS", ".", "", "pass", "NA", "wga")),
            *(
                ("FILTER", cell, None)
                for cell in ("common_variant", "PASS;common_variant", "germline_risk", "t_lod")
            ),
            *(("Validation_Status", cell, "mutated") for cell in ("Valid", "Untested", "Unknown", "")),
            *(("Verification_Status", cell, "mutated") for cell in ("Verified", "Unverified", "Not tested")),
            *(("Validation_Status", cell, None) for cell in ("Invalid", "Wildtype", "False positive")),
            *(("Validation_Status", cell, None) for cell in ("inconclusive", "Not confirmed", "Rejected")),
            *(("Verification_Status", cell, None) for cell in ("INVALID", "Failed", "Discordant")),
            *(
                (column, cell, None)
                for column in ("CLIN_SIG", "clinvar_clnsig", "ClinVar_Significance", "Any_Name")
                for cell in ("Benign", "likely_benign", "Benign/Likely_benign", "benign,likely_benign")
            ),
            *(("CLIN_SIG", cell, None) for cell in ("not_provided&benign", "uncertain_significance;benign")),
            *(("ONCOGENIC", cell, None) for cell in ("Likely Neutral", "Neutral")),
            *(
                ("CLIN_SIG", cell, "mutated")
                for cell in (
                    "",
                    ".",
                    "Pathogenic",
                    "uncertain_significance",
                    "benign,pathogenic",
                    "risk_factor",
                )
            ),
            *(("ONCOGENIC", cell, "mutated") for cell in ("Likely Oncogenic", "Unknown", "Inconclusive")),
            *(("PolyPhen", cell, "mutated") for cell in ("benign(0.012)", "possibly_damaging(0.8)")),
        ],
    )
    def test_a_row_of_that_status(self, tmp_path: Path, column: str, cell: str, state: str | None) -> None:
        rows = (f"KEAP1|T-01|Missense_Mutation|p.R320Q|{cell}", "TP53|T-01|Missense_Mutation|p.R249S|")
        found = maf(tmp_path, f"{MAF_HEADER}|{column}", *rows, assume_exome=True)
        assert states(found.profiles[0]).get("KEAP1") == state
        assert bool(codes(found) & {"VARIANT_NOT_COUNTED", "GERMLINE_VARIANT"}) == (state is None)


class TestChanges:
    """Changes that are silent, and texts that are not changes."""

    @pytest.mark.parametrize(
        "change",
        [
            *(
                "p.Leu320%3D",
                "ENSP00000171111.5:p.Leu320%3D",
                "p.Leu320=",
                "p.(Leu320=)",
                "p.L320L",
                "p.Leu320Leu",
            ),
            *("p.=", "p.Leu320%253D", "p.L320Leu", "c.960G>A(p.Leu320=)", "KEAP1:NM_1:exon3:c.C960T:p.L320L"),
        ],
    )
    @pytest.mark.parametrize("kind", ["", "splice_region_variant,synonymous_variant", "Missense_Mutation"])
    def test_a_silent_change_is_no_mutation(self, tmp_path: Path, change: str, kind: str) -> None:
        found, _ = one_row(tmp_path, f"KEAP1|T-01|{kind}|{change}")
        assert found.get("KEAP1") in (None, "wild-type")

    @pytest.mark.parametrize(
        "text",
        ["wild-type (exons 2-6)", "WT 100%", "no mutation in exons 2-6", "p.R320Q (germline)", "not p.R320Q"],
    )
    @pytest.mark.parametrize("kind", ["", "Missense_Mutation", "Unknown"])
    def test_a_text_that_denies_is_no_mutation(
        self, tmp_path: Path, text: str, kind: str, recommender: Recommender
    ) -> None:
        assert "KEAP1" not in one_row(tmp_path, f"KEAP1|T-01|{kind}|{text}")[0]
        found = sheet(tmp_path, f"id,mutations,KEAP1\nA,KEAP1 {text},\nB,,{text}\n")
        assert not found.profiles
        with pytest.raises(InputError):
            recommender.recommend(Profile.parse({"therapies": ["sorafenib"], "mutations": [f"KEAP1 {text}"]}))

    @pytest.mark.parametrize(
        ("kind", "change", "state"),
        [
            ("5'UTR", "p.M1?", None),
            ("Silent", "p.R320Q", None),
            ("Intron", "", "wild-type"),
            ("Splice_Site", "p.L320=", "mutated"),
            ("nonsynonymous SNV", "KEAP1:NM_1:exon3:c.G959A:p.R320Q", "mutated"),
            ("synonymous SNV", "", "wild-type"),
            ("stopgain", ".", "mutated"),
        ],
    )
    def test_class_and_change_together(
        self, tmp_path: Path, kind: str, change: str, state: str | None
    ) -> None:
        assert one_row(tmp_path, f"KEAP1|T-01|{kind}|{change}")[0].get("KEAP1") == state

    @pytest.mark.parametrize(
        ("name", "told"), [("effect", False), ("Consequence", False), ("what it does", True)]
    )
    def test_the_column_of_classes_by_another_name(self, tmp_path: Path, name: str, told: bool) -> None:
        header = f"sample|gene|{name}|Amino_Acid_Change"
        rows = ("T-01|KEAP1|5'UTR|p.M1?", "T-01|CTNNB1|Splice_Site|", "T-01|BRCA1|Intron|")
        file = tmp_path / "mc3.txt"
        file.write_text(tabs(header, *rows))
        found = import_profiles(file, BASE, ImportOptions(assume_exome=True))
        read = states(found.profiles[0])
        assert (read.get("KEAP1"), read["CTNNB1"], read["BRCA1"]) == (None, "mutated", "wild-type")
        assert ("CLASS_COLUMN" in codes(found)) == told
