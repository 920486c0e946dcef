"""Hostile studies, tables and cohorts."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from fuzzing import laws
from support.commands import CASE, STEERING, run
from support.generators import BASE
from support.places import ROOT
from support.studies import imported

from recommender import InputError, Profile
from recommender.importing import import_profiles
from recommender.intake.validation import validate


class TestNumbersOfOtherScripts:
    """`str.isdigit` holds for signs that `int` does not read."""

    @pytest.mark.parametrize("sign", ["²", "①", "៲"])
    def test_in_a_column_of_gene_ids(self, tmp_path: Path, sign: str) -> None:
        head = "Hugo_Symbol\tEntrez_Gene_Id\tVariant_Classification\tTumor_Sample_Barcode\n"
        found = imported(tmp_path, "a.maf", f"{head}TP53\t{sign}\tMissense_Mutation\tA\n")
        assert [one.gene for one in found.profiles[0].mutations] == ["TP53"]

    def test_in_the_path_of_a_problem(self) -> None:
        for value in ({"mutations": {"²": 1}}, {"markers": {"²": 1}}, {"²": {"²": 1}}):
            assert any(one.level == "error" for one in validate(json.dumps(value).encode(), BASE, file="x"))


def test_names_without_end_do_not_make_messages_without_end(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Profile.parse({"x" * 100_000: 1})
    assert len(str(caught.value)) < 2_000
    assert len(caught.value.problems[0].where) > 100_000, "the pointer itself stays exact"
    wide = tmp_path / "wide.csv"
    wide.write_text("x" * 100_000 + ",b\n1,2\n")
    done = run("cohort", wide, "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert len(done.stderr) < 2_000
    near = tmp_path / "near.maf"
    near.write_text("Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barc" + "[" * 100_000 + "\n")
    with pytest.raises(InputError, match="Did you mean Tumor_Sample_Barc") as caught:
        import_profiles(near, BASE)
    assert len(str(caught.value)) < 2_000


@pytest.mark.usefixtures("few_rules")
class TestCohorts:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", b"id," + b"x" * 200_000 + b"\n1,2\n"),
            ("a.csv", b"id\xff,therapies\na,sorafenib\n"),
            ("a.csv", b"id,therapies\n\xff,sorafenib\n"),
            ("a.csv", gzip.compress(b"id,therapies\na,sorafenib\n", mtime=0)[:-9]),
            ("a.parquet", b"PAR1PAR1"),
            ("a.csv.gz", gzip.compress(b"id," + b"x" * 70_000_000, mtime=0)),
        ],
        ids=["wide header", "header in Latin-1", "cell in Latin-1", "cut gzip", "no Parquet", "packed line"],
    )
    def test_what_cannot_be_read_is_told(self, tmp_path: Path, name: str, content: bytes) -> None:
        pytest.importorskip("duckdb")
        (tmp_path / name).write_bytes(content)
        done = run("cohort", tmp_path / name, "-o", tmp_path / "out.csv")
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert not STEERING.search(done.stderr.decode())

    def test_texts_of_parquet_that_are_no_text(self, tmp_path: Path) -> None:
        pytest.importorskip("duckdb")
        import pyarrow as pa
        import pyarrow.parquet as pq

        raw = pa.array([b"a", b"\xff\x8b"], pa.binary())
        wrong = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
        for columns in ({"id": wrong, "therapies": ["x", "y"]}, {"id": ["x", "y"], "mutations": wrong}):
            pq.write_table(pa.table(columns), tmp_path / "a.parquet")
            done = run("cohort", tmp_path / "a.parquet", "-o", tmp_path / "out.ndjson")
            assert done.returncode == 2
            assert b"Traceback" not in done.stderr

    def test_csv_is_plain_and_no_formula(self, tmp_path: Path) -> None:
        pytest.importorskip("duckdb")
        names = ["\u202e=1", "a\x1b[31m", "\u200b", "＝1", "\t=1", "@x"]
        lines = [json.dumps({**CASE, "id": name}) for name in names]
        (tmp_path / "a.ndjson").write_text("\n".join(lines))
        for command in (["cohort", "-o"], ["recommend", "--format", "csv", "-o"]):
            out = tmp_path / f"{command[0]}.csv"
            assert run(command[0], tmp_path / "a.ndjson", *command[1:], out).returncode == 0
            laws.csv_rows(out.read_text())


class TestCompressed:
    """No more is unpacked than is read, and no line grows without end."""

    @pytest.mark.parametrize("suffix", [".json", ".yaml", ".json.gz"])
    def test_a_profile(self, tmp_path: Path, suffix: str) -> None:
        file = tmp_path / f"case{suffix}"
        file.write_bytes(gzip.compress(b" " * 50_000_000, mtime=0))
        done = run("recommend", file)
        assert done.returncode == 2
        assert b"the limit is 4 MiB" in done.stderr

    @pytest.mark.parametrize("name", ["a.maf", "a.csv", "a.tsv.gz"])
    def test_a_table(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError, match="a line of more than 64 MiB"):
            imported(tmp_path, name, gzip.compress(b"a" * 100_000_000, mtime=0))


class TestStudyPaths:
    @pytest.mark.parametrize("leads", ["../case.json", "/etc/passwd", "..", ".", "a\0b", "x" * 5000, "link"])
    def test_a_data_file_elsewhere(self, tmp_path: Path, leads: str) -> None:
        folder = tmp_path / "study"
        shutil.copytree(ROOT / "docs/examples/study", folder)
        (tmp_path / "case.json").write_text("secret")
        (folder / "link").symlink_to(tmp_path / "case.json")
        meta = folder / "meta_mutations.txt"
        meta.write_text(meta.read_text().replace("data_mutations.txt", leads))
        with pytest.raises(InputError) as caught:
            import_profiles(folder, BASE)
        assert "meta_mutations.txt" in str(caught.value)
        assert "secret" not in str(caught.value)
        assert len(str(caught.value)) < 2_000

    def test_links_that_lead_out_or_in_a_circle(self, tmp_path: Path) -> None:
        folder = tmp_path / "study"
        shutil.copytree(ROOT / "docs/examples/study", folder)
        for name in ("case_lists/cases_sequenced.txt", "gene_panel_liver_3.txt"):
            (tmp_path / "kept.txt").write_bytes((folder / name).read_bytes())
            (folder / name).unlink()
            (folder / name).symlink_to(tmp_path / "kept.txt")
        (folder / "meta_circle.txt").symlink_to("meta_circle.txt")
        found = import_profiles(folder, BASE)
        assert {one.path for one in found.notices if one.code == "FILE_NOT_READ"} >= {"cases_sequenced.txt"}


@pytest.mark.parametrize("place", [100, 5_000, 9_000, 30_000])
@pytest.mark.parametrize("more", ["", "1\t"], ids=["as the header", "with row names"])
def test_a_byte_that_is_no_text_is_told_wherever_it_stands(tmp_path: Path, place: int, more: str) -> None:
    """The first lines are read twice, the second time in pieces of another size."""
    file = tmp_path / "a.maf"
    row = f"{more}TP53\tMissense_Mutation\tA\n"
    content = bytearray(f"Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\n{row * 2_000}".encode())
    content[place] = 0xC0
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"not text in UTF-8"):
        import_profiles(file, BASE)
