"""Importers: how genes are named, the command, and the way back."""

import json
from pathlib import Path

import pytest
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLES, ROOT
from support.studies import STUDIES, Study, codes, genes, sample, tabs

from recommender import LABEL, Recommender
from recommender.importing import ImportOptions, import_profiles
from recommender.importing.genes import Genes


@pytest.mark.parametrize(
    ("symbol", "gene", "code"),
    [
        ("TP53", "TP53", None),
        ("tp53", "TP53", None),
        ("C19orf2", "URI1", "PREVIOUS_SYMBOL"),
        ("PD-L1", "CD274", "ALIAS_READ"),
        ("PDK1", "HGNC:8809", None),
        ("TAZ", "TAFAZZIN", "AMBIGUOUS_ALIAS"),
        ("FSP1", "AIFM2", "AMBIGUOUS_ALIAS"),
        ("40432", None, "DAMAGED_SYMBOL"),
        ("11-Sep", None, "DAMAGED_SYMBOL"),
        ("Sep-11", None, "DAMAGED_SYMBOL"),
        ("2021-09-11 00:00:00", None, "DAMAGED_SYMBOL"),
        ("2.31E+13", None, "DAMAGED_SYMBOL"),
        ("TTN", None, None),
        ("PARK2", None, None),
    ],
)
def test_symbols_are_read_as_sequencing_files_mean_them(
    study: Study, symbol: str, gene: str | None, code: str | None, recommender: Recommender
) -> None:
    study.write(
        "data_mutations.txt",
        tabs("Hugo_Symbol|Variant_Classification|Tumor_Sample_Barcode", f"{symbol}|Missense_Mutation|P-01-T"),
    )
    found = study.read()
    first = sample(found, "P-01-T")
    assert genes(first, "mutated") == ({gene} if gene else set())
    told = {one.code for one in found.notices if one.path.startswith("data_mutations.txt:")}
    assert told - {"UNKNOWN_GENE"} == ({code} if code else set())
    recommender.recommend(first)


def test_every_gene_is_written_so_that_a_profile_reads_it_back() -> None:
    names = Genes(BASE)
    genes = [marker for marker in BASE.vocabulary.markers.values() if marker.hgnc]
    assert len(genes) > 100
    for marker in genes:
        written = names.written(marker)
        assert len(written) >= 1
        assert all(BASE.vocabulary.marker(name) is marker for name in written)


def test_an_id_decides_what_an_ambiguous_symbol_means(study: Study) -> None:
    header = "Hugo_Symbol|Entrez_Gene_Id|Variant_Classification|Tumor_Sample_Barcode"
    rows = ("TAZ|25937|Missense_Mutation|P-01-T", "40432|8725|Missense_Mutation|P-01-T")
    study.write("data_mutations.txt", tabs(header, *rows))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "mutated") == {"WWTR1", "URI1"}
    assert "DAMAGED_SYMBOL" in codes(found)


def test_every_notice_is_documented() -> None:
    import re

    from recommender import importing

    folder = Path(importing.__file__).parent
    text = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    emitted = set(re.findall(r'"([A-Z]+(?:_[A-Z0-9]+)+)"', text)) & set(
        re.findall(r'(?:notice|once|Reading)\([^()]*?"([A-Z]+(?:_[A-Z0-9]+)+)"', text, re.DOTALL)
    )
    assert len(emitted) > 25
    documented = (ROOT / "docs" / "import-notices.md").read_text()
    assert not [code for code in sorted(emitted) if f"`{code}`" not in documented]


def test_import_then_recommend_is_what_the_library_answers(recommender: Recommender, tmp_path: Path) -> None:
    asked = ImportOptions(therapies=("sorafenib",))
    for name in ("study", "tumours.maf", "tumours.csv", "phenopacket.json"):
        source = EXAMPLES / name
        made = run("profile", "import", source, "--therapy", "sorafenib")
        assert made.returncode == 0, made.stderr
        answered = run("recommend", "-", "--format", "ndjson", "--engine", "plain", stdin=made.stdout)
        assert answered.returncode == 0
        expected = [recommender.recommend(one) for one in import_profiles(source, BASE, asked).profiles]
        assert answered.stdout.decode().splitlines() == [one.to_json(indent=None) for one in expected] != []


def test_import_into_a_folder(tmp_path: Path) -> None:
    done = run("profile", "import", EXAMPLES / "tumours.csv", "-o", tmp_path / "new" / "out")
    assert (done.returncode, done.stdout) == (0, b"")
    files = sorted(one.name for one in (tmp_path / "new" / "out").iterdir())
    assert files == ["A-1.json", "A-2.json", "A-3.json"]
    assert run("profile", "validate", *(tmp_path / "new" / "out").iterdir()).returncode == 0


def test_names_of_files_stay_in_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text("id\n../../evil\n..\n/root\na\nA\n")
    done = run("profile", "import", source, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 5
    assert {one.name for one in tmp_path.iterdir()} == {"x.csv", "out"}


def test_import_into_one_file_and_the_notices_into_another(tmp_path: Path) -> None:
    target, notices = tmp_path / "out.ndjson", tmp_path / "notices.json"
    done = run("profile", "import", EXAMPLES / "study", "-o", target, "--notices", notices)
    assert done.returncode == 0
    assert len(target.read_text().splitlines()) == 4
    value = json.loads(notices.read_text())
    assert (value["label"], value["profiles"]) == (LABEL, 4)
    assert {one["code"] for one in value["notices"]} >= {"DAMAGED_SYMBOL", "ANTIBODY_ONLY"}
    assert LABEL in done.stderr.decode()


def test_bad_rows_give_exit_code_2_and_the_good_ones(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text("id,FASN\nA,high\nB,hihg\n")
    done = run("profile", "import", source)
    assert done.returncode == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["A"]
    assert b"x.csv:3" in done.stderr


@pytest.mark.parametrize("source", ["absent.csv", "absent.json", "absent"])
def test_a_source_that_is_not_there(source: str, tmp_path: Path) -> None:
    done = run("profile", "import", tmp_path / source)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("source", STUDIES, ids=lambda source: source.name)
def test_a_study_is_read_whole_and_every_marker_is_known(recommender: Recommender, source: Path) -> None:
    found = import_profiles(source, BASE, ImportOptions(therapies=("sorafenib",)))
    assert found.profiles
    assert not found.problems
    for profile in found.profiles:
        result = recommender.recommend(profile)
        assert "UNKNOWN_MARKER" not in {one.code for one in result.notices}


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
