"""Files that are cut off in their last line, open quotes, and rows that run into one another."""

from contextlib import suppress
from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import MAF_HEADER, SV_META, Study, codes, findings, genes, maf, meta, sample, tabs

from recommender import InputError
from recommender.importing import Imported, ImportOptions, import_profiles

ROWS = (
    "TP53|T-01|Missense_Mutation|p.R249S",
    "KEAP1|T-02|Missense_Mutation|p.R320Q",
    "TTN|T-01|Silent|p.R1R",
    "KEAP1|T-01|Missense_Mutation|p.G480W",
)


def exome(folder: Path, text: str | bytes, *, clinical: str = "") -> Imported:
    """What a MAF says where all genes were sequenced."""
    file, table = folder / "calls.maf", folder / "clinical.tsv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    table.write_text(clinical)
    options = ImportOptions(assume_exome=True, clinical=table if clinical else None)
    return import_profiles(file, BASE, options)


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("row", [ROWS[2], ROWS[3]])
def test_a_quote_that_is_not_closed_may_hide_any_row(tmp_path: Path, row: str, at: int) -> None:
    cells = row.split("|")
    cells[at] = f'"{cells[at]}'
    found = maf(tmp_path, MAF_HEADER, *ROWS[:3], "|".join(cells), assume_exome=True)
    assert findings(found) == {("T-01", "TP53", "mutated"), ("T-02", "KEAP1", "mutated")}
    assert "MALFORMED_ROW" in codes(found)


@pytest.mark.parametrize("text", ['"p.G480W"', '5" end', "p.G480W", '"a "quoted" word"'])
def test_quotes_that_are_closed_hide_nothing(tmp_path: Path, text: str) -> None:
    found = maf(tmp_path, f"{MAF_HEADER}|Remark", f"{ROWS[0]}|{text}", f"{ROWS[3]}|", assume_exome=True)
    assert "XRCC1" in genes(found.profiles[0], "wild-type")
    assert genes(found.profiles[0], "mutated") == {"TP53", "KEAP1"}


@pytest.mark.parametrize("last", range(4))
@pytest.mark.parametrize("wide", [False, True])
def test_a_maf_that_is_cut_anywhere_in_its_last_row(tmp_path: Path, last: int, wide: bool) -> None:
    order = [at for at in range(4) if at != last] + [last]
    lines = ["|".join(row.split("|")[at] for at in order) for row in (MAF_HEADER, *ROWS)]
    text = tabs(*lines)
    whole = findings(exome(tmp_path, text))
    assert ("T-01", "KEAP1", "mutated") in whole
    begin = len(tabs(*lines[:-1]))
    for end in range(begin + 1, len(text)):
        found = findings(exome(tmp_path, text[:end].encode("utf-16" if wide else "utf-8")))
        assert not found - whole, text[begin:end]


@pytest.mark.parametrize(
    ("column", "cell", "counts"),
    [
        ("FILTER", "PASS", True),
        ("FILTER", "", False),
        ("FILTER", "common_vari", False),
        ("Validation_Status", "Inv", False),
        ("Validation_Status", "Untested", True),
        ("CLIN_SIG", "Ben", False),
        ("CLIN_SIG", "pathogenic", True),
        ("Center", "", False),
        ("Center", "germ", False),
        ("Center", "broad.mit.edu", True),
    ],
)
def test_a_last_cell_that_may_begin_a_denial(tmp_path: Path, column: str, cell: str, counts: bool) -> None:
    text = tabs(f"{MAF_HEADER}|{column}", f"{ROWS[0]}|", f"{ROWS[3]}|{cell}").removesuffix("\n")
    profile = sample(exome(tmp_path, text), "T-01")
    assert ("KEAP1" in genes(profile, "mutated")) == counts
    assert "KEAP1" not in genes(profile, "wild-type")


def test_a_whole_last_row_without_a_line_end_counts(tmp_path: Path) -> None:
    header = "Tumor_Sample_Barcode|Variant_Classification|Entrez_Gene_Id|Hugo_Symbol"
    text = tabs(header, "T-01|Silent|7273|TTN", "T-01|Nonsense_Mutation|9817|KEAP1").removesuffix("\n")
    found = exome(tmp_path, text)
    assert genes(found.profiles[0], "mutated") == {"KEAP1"}
    assert "MALFORMED_ROW" not in codes(found)


@pytest.mark.parametrize(
    "row",
    [
        "KEAP1|T-01|Missense_Mutation|p.G480W XRCC1 7515 T-02 Missense_Mutation",
        "KEAP1|T-01|Missense_Mutation|p.G480W 7515",
        "KEAP1|T-01|Missense_Mutation|p.G480WXRCC1",
        "KEAP1|T-01|Missense_Mutation|p.G480W;XRCC1;T-02",
        "KEAP1|T-01|Missense_Mutation p.G480W XRCC1|",
        "KEAP1|T-01|Missense_Mutation XRCC1 T-02|p.R1Q",
        "KEAP1 T-01 Missense_Mutation XRCC1|T-02|Missense_Mutation|p.R1Q",
        "TTN|T-01|Silent|p.R1R XRCC1 T-02 Missense_Mutation p.R194W",
        "TTN T-01 Silent p.R1R XRCC1|T-01|Missense_Mutation|p.R194W",
        "TTN|T-01 Silent XRCC1 Missense_Mutation|Missense_Mutation|p.R194W",
    ],
)
@pytest.mark.parametrize("more", ["", "|Center"])
def test_cells_of_another_row(tmp_path: Path, row: str, more: str) -> None:
    center = "|broad.mit.edu" if more else ""
    rows = (f"TP53|{one}|Missense_Mutation|p.R249S{center}" for one in ("T-01", "T-02"))
    found = maf(tmp_path, f"{MAF_HEADER}{more}", *rows, f"{row}{center}", assume_exome=True)
    assert {one.id for one in found.profiles} == {"T-01", "T-02"}
    for profile in found.profiles:
        assert genes(profile, "mutated") == {"TP53"}
        assert not ("XRCC1" in genes(profile, "wild-type") and profile.id == "T-02")
    assert codes(found) & {"MALFORMED_ROW", "SEVERAL_GENES"}


@pytest.mark.parametrize(
    "change",
    [
        "TP53 p.R249S",
        "p.R249S (somatic)",
        "exon 4 deletion",
        "c.747G>T p.R249S",
        "R249S missense",
        "intragenic",
    ],
)
def test_a_change_in_words_is_of_its_own_row(tmp_path: Path, change: str) -> None:
    found = maf(tmp_path, MAF_HEADER, f"TP53|T-01|Missense_Mutation|{change}", assume_exome=True)
    assert genes(found.profiles[0], "mutated") == {"TP53"}
    assert "KEAP1" in genes(found.profiles[0], "wild-type")


@pytest.mark.parametrize("name", [*MAF_HEADER.split("|"), "hugo_symbol", "FILTER|Filter"])
def test_a_column_that_is_there_twice_is_refused(tmp_path: Path, name: str) -> None:
    more = "|TTN" * len(name.split("|"))
    with pytest.raises(InputError, match="is there twice"):
        maf(tmp_path, f"{MAF_HEADER}|{name}", f"{ROWS[0]}{more}", f"{ROWS[1]}{more}")


class TestCase:
    """Ids that differ only in case."""

    ROWS = ("TP53|t-01|Missense_Mutation|p.R249S", "KEAP1|T-01|Missense_Mutation|p.R320Q")

    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize("listed", ["", "T-01", "t-01", "T-01 t-01"])
    def test_two_in_a_maf_are_two_tumours(self, tmp_path: Path, order: int, listed: str) -> None:
        clinical = tabs("SAMPLE_ID", *listed.split()) if listed else ""
        found = exome(tmp_path, tabs(MAF_HEADER, *self.ROWS[::order]), clinical=clinical)
        mutated = {one.id: genes(one, "mutated") for one in found.profiles}
        assert mutated == {"t-01": {"TP53"}, "T-01": {"KEAP1"}}

    def test_one_is_that_of_the_table(self, tmp_path: Path) -> None:
        found = exome(tmp_path, tabs(MAF_HEADER, self.ROWS[0]), clinical=tabs("SAMPLE_ID", "T-01"))
        assert [one.id for one in found.profiles] == ["T-01"]

    def test_two_of_which_the_table_names_neither(self, tmp_path: Path) -> None:
        rows = (self.ROWS[0].replace("t-01", "Ta"), self.ROWS[1].replace("T-01", "tA"))
        found = exome(tmp_path, tabs(MAF_HEADER, *rows), clinical=tabs("SAMPLE_ID", "TA"))
        assert [one.id for one in found.profiles] == ["TA"]
        assert not genes(found.profiles[0], "mutated")
        assert not genes(found.profiles[0], "wild-type") & {"TP53", "KEAP1"}


class TestStudies:
    """Files of a study that are cut off in their last line."""

    SCORES = "data_mrna_zscores_ref_all_samples.txt"

    @pytest.mark.parametrize(
        "name",
        [
            "data_cna.txt",
            "data_mutations.txt",
            "data_gene_panel_matrix.txt",
            "gene_panel_liver_3.txt",
            SCORES,
            "case_lists/cases_sequenced.txt",
            "data_sv.txt",
        ],
    )
    def test_the_last_line_adds_nothing(self, study: Study, name: str) -> None:
        study.write("meta_sv.txt", SV_META)
        study.write("data_sv.txt", tabs("Sample_Id|Site1_Hugo_Symbol", "P-02-T|TTN", "P-01-T|KEAP1"))
        calls = tabs("Hugo_Symbol|P-01-T|P-02-T", "URI1|2|2", "TP53|0|-2", "XRCC1|0|-1.5")
        study.write("data_cna.txt", calls)
        study.write(self.SCORES, tabs("Hugo_Symbol|P-01-T|P-02-T", "URI1|3|2", "FASN|0|2.15e-05"))
        before = findings(study.read())
        text = (study.folder / name).read_text()
        begin = text.rstrip("\n").rindex("\n") + 1
        assert begin + 1 < len(text)
        for end in range(begin + 1, len(text)):
            study.write(name, text[:end])
            with suppress(InputError):
                assert not findings(study.read()) - before, text[begin:end]

    def test_long_calls(self, study: Study) -> None:
        study.write("meta_cna.txt", meta("COPY_NUMBER_ALTERATION", "DISCRETE_LONG", "data_cna.txt"))
        text = tabs("Hugo_Symbol|Sample_Id|Value", "URI1|P-01-T|2", "XRCC1|P-01-T|-1.5")
        study.write("data_cna.txt", text)
        before = findings(study.read())
        assert before
        for end in range(text.rindex("XRCC1") + 1, len(text)):
            study.write("data_cna.txt", text[:end])
            assert not findings(study.read()) - before
