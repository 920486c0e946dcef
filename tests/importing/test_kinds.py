"""Kinds of files and cells that were read wrongly once, each in the spellings in which it occurs."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.commands import run
from support.generators import BASE
from support.studies import Study, codes, genes, imported, maf, sample, sheet, tabs

from recommender import InputError, Profile, Recommender
from recommender.importing import Imported, ImportOptions, import_profiles

HEADER = "Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification|HGVSp_Short"


def states(profile: Profile) -> dict[str, str | None]:
    return {
        **{one.gene: one.state for one in profile.mutations},
        **{name: one.state for name, one, _ in profile.measured()},
    }


def one_row(tmp_path: Path, row: str, header: str = HEADER) -> tuple[dict[str, str | None], set[str]]:
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
        found = maf(tmp_path, HEADER, "TP53|T-01|Missense_Mutation|p.R249S", "Total|1||", assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-01"]
        assert states(found.profiles[0])["KEAP1"] == "wild-type"
        assert "MALFORMED_ROW" in codes(found)

    @pytest.mark.parametrize(
        "name", ["P1T", "H12N", "1", "S 1", "GSM1:rep1", "MSK_1", "A.1", "R249S", "RNA-1"]
    )
    def test_what_may_name_a_sample(self, tmp_path: Path, name: str) -> None:
        found = maf(tmp_path, HEADER, f"KEAP1|{name}|Missense_Mutation|p.R320Q", assume_exome=True)
        assert [(one.id, states(one)["KEAP1"]) for one in found.profiles] == [(name, "mutated")]

    def test_ids_with_other_separators_are_other_tumours(self, tmp_path: Path) -> None:
        rows = ("KEAP1|S-1|Missense_Mutation|p.R320Q", "TP53|S.1|Missense_Mutation|p.R249S")
        found = maf(tmp_path, HEADER, *rows)
        assert [(one.id, states(one)) for one in found.profiles] == [
            ("S-1", {"KEAP1": "mutated"}),
            ("S.1", {"TP53": "mutated"}),
        ]

    def test_two_samples_in_a_cell_may_be_any(self, tmp_path: Path) -> None:
        rows = ("KEAP1|T-1,T-2|Missense_Mutation|p.R320Q", "TP53|T-1|Silent|", "TP53|T-2|Silent|")
        found = maf(tmp_path, HEADER, *rows, assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-1", "T-2"]
        assert all("KEAP1" not in states(one) for one in found.profiles)

    def test_empty_cells_that_were_taken_from_all_ends(self, tmp_path: Path) -> None:
        rows = ("KEAP1|T-01|Missense_Mutation", "TP53|T-01|Silent", "TTN|T-02|Intron")
        found = maf(tmp_path, HEADER, *rows, assume_exome=True)
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
            *(("Validation_Status", cell, None) for cell in ("Invalid", "Wildtype", "False positive")),
        ],
    )
    def test_a_row_of_that_status(self, tmp_path: Path, column: str, cell: str, state: str | None) -> None:
        rows = (f"KEAP1|T-01|Missense_Mutation|p.R320Q|{cell}", "TP53|T-01|Missense_Mutation|p.R249S|")
        found = maf(tmp_path, f"{HEADER}|{column}", *rows, assume_exome=True)
        assert states(found.profiles[0]).get("KEAP1") == state
        assert bool(codes(found) & {"VARIANT_NOT_COUNTED", "GERMLINE_VARIANT"}) == (state is None)


class TestChanges:
    """Changes that are silent, and texts that are none."""

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


class TestTables:
    """How programs save tables."""

    def test_a_header_in_the_middle_is_no_tumour(self, tmp_path: Path) -> None:
        one = (HEADER, "TP53|T-01|Missense_Mutation|p.R249S")
        two = ("#version 2.4", HEADER, "KEAP1|T-02|Missense_Mutation|p.R320Q", f"#{HEADER}", "## a comment")
        found = maf(tmp_path, *one, *two, assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-01", "T-02"]
        assert states(found.profiles[0])["KEAP1"] == "wild-type"
        again = sheet(tmp_path, "id,FASN\nA,high\nid,FASN\nB,low\n")
        assert [one.id for one in again.profiles] == ["A", "B"]

    def test_rows_of_r_beside_a_header_of_our_own(self, tmp_path: Path) -> None:
        found = maf(tmp_path, HEADER, '"KEAP1"|"T-01"|"Missense_Mutation"|"p.R320Q"', assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-01"]
        assert states(found.profiles[0])["KEAP1"] == "mutated"

    def test_names_of_samples_as_r_changes_them(self, study: Study) -> None:
        study.write("data_cna.txt", tabs('"Hugo_Symbol"|"P.01.T"|"P.02.T"', '"URI1"|2|-2'))
        found = study.read()
        assert genes(sample(found, "P-01-T"), "amplified") == {"URI1"}
        assert genes(sample(found, "P-02-T"), "deleted") == {"URI1"}
        assert len(found.profiles) == 4

    @pytest.mark.parametrize("index", ["", "Unnamed: 0", "X", "index"])
    def test_an_index_is_no_column(self, tmp_path: Path, index: str) -> None:
        found = sheet(tmp_path, f"{index},id,FASN\n0,A,high\n1,B,low\n")
        assert [states(one)["FASN"] for one in found.profiles] == ["high", "low"]
        assert codes(found) == {"NO_THERAPY"}

    @pytest.mark.parametrize(
        ("cell", "state"),
        [
            *((cell, "positive") for cell in ("1", "1.0", "TRUE", "True", "yes", "WAHR", "+", "Positive")),
            *((cell, "negative") for cell in ("0", "0.0", "FALSE", "False", "no", "FALSCH", "0,0", "neg")),
            *((cell, None) for cell in ("", "NaN", "nan", "NA", "<NA>", "None", "#N/A")),
        ],
    )
    @pytest.mark.parametrize("column", ["HBsAg", "HBV", "HBV_STATUS"])
    def test_booleans_and_blanks(self, tmp_path: Path, column: str, cell: str, state: str | None) -> None:
        found = sheet(tmp_path, f"id;{column}\nA;{cell}\n")
        assert states(found.profiles[0]).get("HBV") == state

    def test_columns_that_are_known_twice_are_passed_over(self, tmp_path: Path) -> None:
        found = sheet(
            tmp_path, "SAMPLE_ID,PATIENT_ID,ONCOTREE_CODE,CANCER_TYPE\nS1,P1,HCC,Hepatobiliary Cancer\n"
        )
        assert codes(found) == {"NO_THERAPY"}

    @pytest.mark.parametrize(
        "text",
        [
            "sample,T1,T2\nFASN,2.3,0.1\nGSTZ1,1,2\n",
            "gene,T1,T2\nFASN,2.3,0.1\n",
            "sample\tT1\nA1BG\t2\nTP53\t1\n",
            "sample,T1\nENSG00000999999.4,2\n",
            "sample,T1\n1007_s_at,2\n",
        ],
    )
    def test_a_matrix_with_genes_in_rows_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(InputError, match="Transpose it"):
            sheet(tmp_path, text)

    def test_files_of_the_system_are_no_files_of_a_study(self, study: Study) -> None:
        before = [one.canonical() for one in study.read().profiles]
        for name in ("._meta_study.txt", "._data_cna.txt", ".meta_x.txt", "case_lists/._cases_sequenced.txt"):
            study.write(name, b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X\xff\xfe")
        (study.folder / ".hidden").mkdir()
        study.write(".hidden/gene_panel_x.txt", b"stable_id: LIVER-3\ngene_list: \xff")
        assert [one.canonical() for one in study.read().profiles] == before

    def test_a_cell_of_no_sample_makes_no_tumour(self, study: Study) -> None:
        study.replace("case_lists/cases_sequenced.txt", "P-01-T", "P-01-T\tNA\t[Not Available]")
        assert len(study.read().profiles) == 4

    def test_two_panels_of_a_sample_leave_it_unknown(self, study: Study) -> None:
        name = "data_gene_panel_matrix.txt"
        header, *rows = (study.folder / name).read_text().splitlines()
        study.write(name, "\n".join([header, *rows, *(row.split("\t")[0] + "\tWES" for row in rows)]) + "\n")
        found = study.read()
        assert "CONTRADICTION" in codes(found)


class TestOtherFormats:
    """Formats that look alike are told apart and refused, with what to do."""

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\n19\t1\t.\n", "vcf2maf"),
            ("calls.maf", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\n19\t1\t.\n", "vcf2maf"),
            ("calls.txt", "#CHROM\tPOS\tID\n19\t1\t.\n", "vcf2maf"),
            ("page.csv", "<!DOCTYPE html>\n<html>\n", "web page"),
            ("data.csv", '{"id": "a"}\n', "is JSON"),
            ("data.xml.txt", '<?xml version="1.0"?>\n', "is XML"),
            ("packet.yaml", "id: a\nmetaData:\n  phenopacketSchemaVersion: '2.0'\n", "read as JSON"),
            ("packet.ndjson", '{"id": "a", "phenotypicFeatures": []}\n', "read as JSON"),
            ("case.yaml", "id: a\ntherapies: [sorafenib]\n", "profiles already"),
            ("observation.json", '{"resourceType": "Observation", "subject": {}}', "FHIR"),
            ("bundle.json", '{"resourceType": "Bundle", "entry": []}', "FHIR"),
            (
                "v1.json",
                '{"subject": {}, "metaData": {"phenopacketSchemaVersion": "1.0.0-RC3"}}',
                "version 1",
            ),
            ("v1.json", '{"subject": {}, "genes": [{"symbol": "KEAP1"}]}', "version 1"),
            ("v1.json", '{"subject": {}, "biosamples": [{"variants": []}]}', "version 1"),
            ("v1.json", '{"members": [{"subject": {}, "variants": []}]}', "version 1"),
            ("calls.maf", "Hugo_Symbol,Tumor_Sample_Barcode;x y|z\n", "there is no column"),
        ],
    )
    def test_it_is_refused(self, tmp_path: Path, name: str, content: str, told: str) -> None:
        with pytest.raises(InputError, match=told):
            imported(tmp_path, name, content)


def packet(tmp_path: Path, **parts: Any) -> Imported:
    value = {
        "id": "pk",
        "subject": {"id": "pat"},
        "biosamples": [{"id": "tum", "sampledTissue": {"label": "liver"}}],
        "metaData": {"phenopacketSchemaVersion": "2.0"},
        **parts,
    }
    return imported(tmp_path, "packet.json", json.dumps(value))


HCC = {"id": "NCIT:C3099", "label": "Hepatocellular Carcinoma"}
HCC_FEATURE = {"id": "HP:0001402", "label": "Hepatocellular carcinoma"}


class TestPhenopackets:
    def test_a_tumour_that_a_feature_excludes_is_declined(
        self, tmp_path: Path, recommender: Recommender
    ) -> None:
        found = packet(tmp_path, phenotypicFeatures=[{"type": HCC_FEATURE, "excluded": True}])
        assert "DISEASE_EXCLUDED" in codes(found)
        (profile,) = found.profiles
        assert not recommender.recommend(
            profile.model_copy(update={"therapies": ("sorafenib",)})
        ).recommendations
        found = packet(
            tmp_path, diseases=[{"term": HCC}], phenotypicFeatures=[{"type": HCC_FEATURE, "excluded": True}]
        )
        assert "CONTRADICTION" in codes(found)
        assert found.profiles[0].disease == "NCIT:C3099, stated and excluded"

    def test_a_tumour_among_the_features_is_read(self, tmp_path: Path) -> None:
        found = packet(tmp_path, phenotypicFeatures=[{"type": HCC_FEATURE}])
        assert found.profiles[0].disease == "Hepatocellular carcinoma"
        found = packet(
            tmp_path, phenotypicFeatures=[{"type": HCC_FEATURE}], diseases=[{"term": {"label": "MPV17"}}]
        )
        assert found.profiles[0].disease == "Hepatocellular carcinoma"
        assert "CONDITION_NOT_READ" in codes(found)

    @pytest.mark.parametrize(
        ("term", "marker"),
        [
            ({"id": "MONDO:0005344", "label": "hepatitis B virus infection"}, "HBV"),
            ({"id": "MONDO:0005344"}, "HBV"),
            ({"id": "http://purl.obolibrary.org/obo/MONDO_0005344", "label": "?"}, "HBV"),
            ({"id": "DOID:2043", "label": "hepatitis B (disorder)"}, "HBV"),
            ({"id": "ICD10CM:B18.1", "label": "Chronic viral hepatitis B without delta-agent"}, "HBV"),
            ({"id": "SNOMEDCT_US:61977001", "label": "CHB"}, "HBV"),
            ({"id": "SCT:66071002", "label": "x"}, "HBV"),
            ({"id": "NCIT:C3097", "label": "Hepatitis B Infection"}, "HBV"),
            ({"id": "MONDO:0005231", "label": "hepatitis C virus infection"}, "HCV"),
            ({"id": "DOID:1883", "label": "hepatitis C"}, "HCV"),
            ({"id": "ICD-10:B18.2", "label": "Chronic viral hepatitis C"}, "HCV"),
        ],
    )
    @pytest.mark.parametrize("where", ["diseases", "phenotypicFeatures"])
    def test_infections_by_id_or_label(
        self, tmp_path: Path, term: dict[str, str], marker: str, where: str
    ) -> None:
        name = "term" if where == "diseases" else "type"
        for more, state in (
            ({}, "positive"),
            ({"excluded": True}, "negative"),
            ({"resolution": {"age": {}}}, None),
        ):
            found = packet(tmp_path, **{where: [{name: term, **more}]})
            assert states(found.profiles[0]).get(marker) == state
            assert ("CONDITION_NOT_READ" in codes(found)) == (state is None)

    def test_a_condition_that_looks_like_an_infection_is_reported(self, tmp_path: Path) -> None:
        term = {"id": "X:1", "label": "occult hepatitis B virus carriage"}
        for parts in ({"diseases": [{"term": term}]}, {"phenotypicFeatures": [{"type": term}]}):
            assert "CONDITION_NOT_READ" in codes(packet(tmp_path, **parts))

    @pytest.mark.parametrize(
        ("response", "failed"),
        [
            *(
                (text, True)
                for text in (
                    "Progressive Disease",
                    "Progressive Disease (RECIST 1.1)",
                    "PD",
                    "clinical progression",
                )
            ),
            *(
                (text, True)
                for text in ("mRECIST Progressive Disease", "Confirmed Progressive Disease [RECIST]")
            ),
            *(
                (text, False)
                for text in ("Stable Disease", "Partial Response (RECIST 1.1)", "CR", "No progression")
            ),
            *(
                (text, None)
                for text in ("no evidence of progressive disease", "Progression?", "pending review")
            ),
        ],
    )
    def test_responses(self, tmp_path: Path, response: str, failed: bool | None) -> None:
        action = {
            "treatment": {"agent": {"label": "sorafenib"}},
            "responseToTreatment": {"id": "", "label": response},
        }
        found = packet(tmp_path, medicalActions=[action])
        assert found.profiles[0].resistant_to == (("sorafenib",) if failed else ())
        assert ("UNKNOWN_RESPONSE" in codes(found)) == (failed is None)
        by_id = {**action, "responseToTreatment": {"id": "NCIT:C35571", "label": "x"}}
        assert packet(tmp_path, medicalActions=[by_id]).profiles[0].resistant_to == ("sorafenib",)

    @pytest.mark.parametrize(
        "label", ["KEAP1 p.R320Q (germline)", "no KEAP1 mutation", "not confirmed: p.R320Q"]
    )
    def test_a_label_that_denies_is_no_mutation(self, tmp_path: Path, label: str) -> None:
        descriptor = {"label": label, "geneContext": {"symbol": "KEAP1"}}
        variant = {"variationDescriptor": descriptor}
        one = {
            "subjectOrBiosampleId": "tum",
            "interpretationStatus": "CAUSATIVE",
            "variantInterpretation": variant,
        }
        found = packet(tmp_path, interpretations=[{"diagnosis": {"genomicInterpretations": [one]}}])
        assert not found.profiles[0].mutations
        assert "UNCERTAIN_VARIANT" in codes(found)

    def test_a_copy_number_of_a_microrna_is_left_out(self, tmp_path: Path, recommender: Recommender) -> None:
        one = {
            "subjectOrBiosampleId": "tum",
            "interpretationStatus": "CAUSATIVE",
            "variantInterpretation": {
                "variationDescriptor": {
                    "geneContext": {"symbol": "MIR145"},
                    "variation": {"copyNumber": {"number": {"value": 0}}},
                }
            },
        }
        found = packet(tmp_path, interpretations=[{"diagnosis": {"genomicInterpretations": [one]}}])
        assert "IMPOSSIBLE_STATE" in codes(found)
        recommender.recommend(found.profiles[0])


class TestTimelines:
    HEADER = "PATIENT_ID|START_DATE|STOP_DATE|EVENT_TYPE|TREATMENT_TYPE|SUBTYPE|AGENT|TREATMENT_BEST_RESPONSE"

    def read(self, study: Study, *rows: str) -> tuple[Profile, set[str]]:
        study.write("data_timeline_treatment.txt", tabs(self.HEADER, *rows))
        found = study.read()
        return sample(found, "P-01-T"), codes(found)

    @pytest.mark.parametrize("agent", ["EXTERNAL BEAM", "EXTERNAL", "INTERNAL", "Radiation 1", ""])
    def test_an_agent_that_is_not_known_gives_way_to_the_type(self, study: Study, agent: str) -> None:
        found, told = self.read(study, f"P-01|1|2|TREATMENT|Radiation Therapy||{agent}|")
        assert found.therapies == ("Radiation Therapy",)
        assert ("UNREAD_TEXT" in told) == bool(agent)
        assert "UNKNOWN_THERAPY" not in told

    def test_agents_of_which_one_is_known_are_kept(self, study: Study) -> None:
        found, _ = self.read(study, "P-01|1|2|TREATMENT|Chemotherapy||Sorafenib + ABC-123|")
        assert found.therapies == ("Sorafenib + ABC-123",)

    def test_an_agent_that_nothing_explains_is_kept(self, study: Study) -> None:
        found, told = self.read(study, "P-01|1|2|TREATMENT|Some Study||ABC-123|")
        assert (found.therapies, "UNKNOWN_THERAPY" in told) == (("ABC-123",), True)

    @pytest.mark.parametrize(
        ("response", "failed", "code"),
        [
            ("Clinical Progressive Disease", True, None),
            ("Radiographic Progressive Disease", True, None),
            ("Stable Disease", False, None),
            ("[Not Applicable]", False, None),
            ("better than before", False, "UNKNOWN_RESPONSE"),
        ],
    )
    def test_the_outcome_of_a_treatment(
        self, study: Study, response: str, failed: bool, code: str | None
    ) -> None:
        found, told = self.read(study, f"P-01|1|2|TREATMENT|||Sorafenib|{response}")
        assert found.therapies == ("Sorafenib",)
        assert found.resistant_to == (("Sorafenib",) if failed else ())
        assert code is None or code in told

    @pytest.mark.parametrize(
        "row", ["P-01|1|2|TREATMENT|No treatment||Sorafenib|", "P-01|1|2|TREATMENT||refused|Sorafenib|"]
    )
    def test_what_any_column_denies_was_not_given(self, study: Study, row: str) -> None:
        assert not self.read(study, row)[0].therapies


class TestHepatitis:
    """Columns of clinical tables that hold an infection."""

    @pytest.mark.parametrize(
        ("column", "cell", "state"),
        [
            ("hist_hepato_carc_fact", "Hepatitis B", "positive"),
            ("HBV_VIRAL_STATUS", "Positive", "positive"),
            ("HBV.viral.status", "AVR-CC", "positive"),
            ("HBV.viral.status", "CC", "positive"),
            ("HBV.viral.status", "N", "negative"),
            ("HBV_STATUS_FINAL", "HBV", "positive"),
            ("HBSAG_STATUS", "negative", "negative"),
            ("HEP_B", "yes", "positive"),
            ("VIRAL_ETIOLOGY", "HBV", "positive"),
            ("HBV_HCV", "HBV", "positive"),
            ("Etiology of liver disease", "Hepatitis B; Alcohol", "positive"),
            ("CC_STATUS", "CC", None),
        ],
    )
    def test_a_known_column(
        self, study: Study, tmp_path: Path, column: str, cell: str, state: str | None
    ) -> None:
        study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", f"P-01|{cell}"))
        assert states(sample(study.read(), "P-01-T")).get("HBV") == state
        assert states(sheet(tmp_path, f"id\t{column}\nA\t{cell}\n").profiles[0]).get("HBV") == state

    @pytest.mark.parametrize(
        "column", ["HBV copies", "anti HCV titre", "Viral load", "AETIOLOGY_2", "hepatitis notes"]
    )
    def test_a_column_that_looks_like_one_is_reported(
        self, study: Study, tmp_path: Path, column: str
    ) -> None:
        study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", "P-01|yes"))
        found = study.read()
        assert "HEPATITIS_COLUMN" in codes(found)
        assert "HBV" not in states(sample(found, "P-01-T"))
        assert "HEPATITIS_COLUMN" in codes(sheet(tmp_path, f"id\t{column}\nA\tyes\n"))


@pytest.mark.parametrize("name", ["data_cna.txt", "data_mutations.txt"])
def test_what_an_import_writes_is_accepted(study: Study, name: str, tmp_path: Path) -> None:
    kinds = [marker.symbol for marker in BASE.vocabulary.markers.values() if marker.hgnc]
    if name == "data_cna.txt":
        study.write(name, tabs("Hugo_Symbol|P-01-T|P-02-T", *(f"{gene}|2|-2" for gene in kinds)))
    else:
        header = "Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification"
        study.write(name, tabs(header, *(f"{gene}|P-01-T|Missense_Mutation" for gene in kinds)))
    found = study.read(therapies=("sorafenib",))
    assert "IMPOSSIBLE_STATE" in codes(found)
    made = run("profile", "import", study.folder, "--therapy", "sorafenib")
    answered = run("recommend", "-", "--brief", "--format", "ndjson", stdin=made.stdout)
    assert (made.returncode, answered.returncode) == (0, 0), answered.stderr
    assert len(answered.stdout.splitlines()) == 4
