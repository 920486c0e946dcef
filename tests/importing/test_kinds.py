"""Kinds of files that were read wrongly once: tables as programs save them, and what only looks alike."""

from pathlib import Path

import pytest
from support.studies import MAF_HEADER, Study, codes, genes, imported, maf, sample, sheet, states, tabs

from recommender import InputError


class TestTables:
    """How programs save tables."""

    def test_a_header_in_the_middle_is_no_tumour(self, tmp_path: Path) -> None:
        one = (MAF_HEADER, "TP53|T-01|Missense_Mutation|p.R249S")
        two = (
            "#version 2.4",
            MAF_HEADER,
            "KEAP1|T-02|Missense_Mutation|p.R320Q",
            f"#{MAF_HEADER}",
            "## a comment",
        )
        found = maf(tmp_path, *one, *two, assume_exome=True)
        assert [one.id for one in found.profiles] == ["T-01", "T-02"]
        assert states(found.profiles[0])["KEAP1"] == "wild-type"
        again = sheet(tmp_path, "id,FASN\nA,high\nid,FASN\nB,low\n")
        assert [one.id for one in again.profiles] == ["A", "B"]

    def test_rows_of_r_beside_a_header_of_our_own(self, tmp_path: Path) -> None:
        found = maf(tmp_path, MAF_HEADER, '"KEAP1"|"T-01"|"Missense_Mutation"|"p.R320Q"', assume_exome=True)
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
