"""What was found by attacking the program, so that it stays found."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT
from fuzzing import laws
from generators import BASE
from test_cli import CASE, HOSTILE, run

from recommender import DISCLAIMER, LABEL, InputError, Profile, Recommender, RuleBaseError
from recommender._text import fold, printable, safe_json
from recommender.importing import Imported, import_profiles
from recommender.knowledge import cache
from recommender.profile import LARGEST
from recommender.tour import open_case
from recommender.validation import validate
from recommender.whatif import Changes, changed

RECOMMENDER = Recommender(engine="plain")

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE))
    return file


def pack_with(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "x.yaml").write_text(text)
    return folder


class TestOutputFiles:
    def test_a_link_is_followed(self, case: Path, tmp_path: Path) -> None:
        target, link = tmp_path / "target.json", tmp_path / "link.json"
        target.write_text("before")
        link.symlink_to(target)
        assert run("recommend", case, "--format", "json", "-o", link).returncode == 0
        assert link.is_symlink()
        assert LABEL in target.read_text()

    def test_what_is_no_regular_file_is_written_and_not_replaced(self, case: Path, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        command = [sys.executable, "-m", "recommender", "recommend", str(case), "-o", str(pipe)]
        with subprocess.Popen(command) as process:
            assert LABEL in pipe.read_text()
            assert process.wait() == 0
        assert pipe.is_fifo()

    def test_nothing_is_left_behind_and_modes_are_usual(self, case: Path, tmp_path: Path) -> None:
        before = set(tmp_path.iterdir())
        assert run("recommend", case, "-o", tmp_path).returncode == 2
        assert set(tmp_path.iterdir()) == before
        out = tmp_path / "out.json"
        run("recommend", case, "-o", out)
        umask = os.umask(0)
        os.umask(umask)
        assert out.stat().st_mode & 0o777 == 0o666 & ~umask
        out.chmod(0o640)
        run("recommend", case, "-o", out)
        assert out.stat().st_mode & 0o777 == 0o640


class TestStdout:
    @pytest.mark.parametrize("command", [["recommend"], ["audit"], ["refs"]])
    def test_a_reader_that_has_gone(self, case: Path, command: list[str]) -> None:
        arguments = [*command, str(case)] if command == ["recommend"] else command
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "recommender", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
    def test_a_full_disk(self, case: Path) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "recommender", "recommend", str(case)],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert b"cannot be shown" in done.stderr

    def test_closed_streams(self, case: Path) -> None:
        command = f'"{sys.executable}" -m recommender recommend'
        for line in (f'{command} "{case}" >&-', f"{command} <&-"):
            done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
            assert done.returncode in (1, 2)
            assert b"Traceback" not in done.stderr

    @pytest.mark.parametrize("columns", ["²", "99999999999", "0", "1", "-5", "x", ""])
    def test_any_width_of_the_terminal(self, case: Path, columns: str) -> None:
        done = run("recommend", case, COLUMNS=columns)
        assert done.returncode == 0
        assert LABEL in done.stdout.decode()


class TestTerminal:
    def test_names_of_the_profile_in_other_commands(self, tmp_path: Path) -> None:
        file = tmp_path / "case.json"
        file.write_text(json.dumps({**CASE, "id": HOSTILE, "markers": {'\x1b[FASN"]\n\n# \u202e': "high"}}))
        for output_format in ("table", "markdown", "mermaid", "json"):
            done = run("explain", file, "orlistat", "--format", output_format)
            assert done.returncode == 0
            assert not STEERING.search(done.stdout.decode())
        for output_format in ("table", "json"):
            done = run("whatif", file, "--set", "\u202eGSTZ1\x1b[=low", "--format", output_format)
            assert done.returncode == 0
            assert not STEERING.search(done.stdout.decode())

    def test_a_result_that_was_tampered_with(self, case: Path, tmp_path: Path) -> None:
        value = json.loads(run("recommend", case, "--format", "json").stdout)
        value["label"] = "\x1b[2J\u202e"
        value["\x1b[31mkey"] = 1
        kept = tmp_path / "result.json"
        kept.write_text(json.dumps(value))
        done = run("replay", kept, case, "--format", "json")
        assert done.returncode == 4
        assert not STEERING.search(done.stdout.decode() + done.stderr.decode())

    def test_invisible_characters_in_a_pack_are_refused(self, tmp_path: Path) -> None:
        pack = pack_with(tmp_path, 'diseases:\n  - {id: x, name: "a\\e[31m", in_scope: false}\n')
        with pytest.raises(RuleBaseError, match=r"pack/x\.yaml:2.*invisible"):
            Recommender(rules=[pack])


PACKS = {
    "therapy above itself": ("therapies: [{id: ta, name: ta, kind: class, parents: [ta]}]\n", "above itself"),
    "therapies in a circle": (
        """therapies:
  - {id: a, name: a, kind: class, parents: [b]}
  - {id: b, name: b, kind: class, parents: [a]}
""",
        "above itself",
    ),
    "no candidates": ("ambiguous_aliases: [{alias: qq, candidates: [], why: aaaaaaaaaaaa}]\n", "candidates"),
    "no states": ("marker_kinds: [{id: q, states: []}]\n", "states"),
    "a shipped marker made ambiguous": (
        "ambiguous_aliases: [{alias: FASN, candidates: [FASN, KIF23], why: aaaaaaaaaaaa}]\n",
        "symbol of a marker",
    ),
}


@pytest.mark.parametrize("name", PACKS)
def test_packs_that_must_not_load(tmp_path: Path, name: str) -> None:
    text, expected = PACKS[name]
    with pytest.raises(RuleBaseError, match=expected):
        Recommender(rules=[pack_with(tmp_path, text)])


class TestLargeInput:
    """Generous bounds: before, each of these took from ten seconds to minutes."""

    @pytest.mark.parametrize(
        "value",
        [
            {"therapies": ["sorafenib"], "markers": {f"M{n}": "high" for n in range(20_000)}},
            {"therapies": [f"T{n}" for n in range(20_000)]},
            {f"field{n}": 1 for n in range(5_000)},
            {"markers": {f"M{n}": "hihg" for n in range(5_000)}},
        ],
        ids=["markers", "therapies", "fields", "states"],
    )
    def test_many_unknown_names(self, recommender: Recommender, value: dict[str, object]) -> None:
        start = time.perf_counter()
        try:
            result = recommender.recommend(Profile.parse(value))
            assert len(result.notices) > 1000
        except InputError as error:
            assert 50 <= len(error.problems) <= 100  # noqa: PT017
        assert time.perf_counter() - start < 8

    def test_many_keys_with_one_twice(self) -> None:
        keys = ",".join(f'"k{n}":1' for n in range(60_000))
        start = time.perf_counter()
        with pytest.raises(InputError, match="stands twice"):
            Profile.read("{" + keys + ',"k59999":1}')
        assert time.perf_counter() - start < 4


@pytest.mark.parametrize("text", ["TP53\tp.R249S", "TP53:p.R249S", " TP53   p.R249S "])
def test_other_ways_to_write_a_mutation(text: str) -> None:
    (mutation,) = Profile.parse({"mutations": [text]}).mutations
    assert (mutation.gene, mutation.change) == ("TP53", "p.R249S")


def test_an_hgnc_id_with_a_change() -> None:
    (mutation,) = Profile.parse({"mutations": ["HGNC:11998 p.R249S"]}).mutations
    assert mutation.gene == "HGNC:11998"


@pytest.mark.parametrize("z_score", [True, "3", [3]])
def test_a_z_score_is_a_number(z_score: object) -> None:
    with pytest.raises(InputError):
        Profile.parse({"markers": {"FASN": {"z_score": z_score}}})


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"top": "abc"}},
        {"options": {"top": -1}},
        {"options": {"top": 1e308}},
        {"recommendations": [{"id": ["a"]}]},
        {"recommendations": [{"id": 1}, {"id": "x"}]},
        {"recommendations": None},
    ],
)
def test_replay_of_odd_results(case: Path, tmp_path: Path, change: dict[str, object]) -> None:
    value = json.loads(run("recommend", case, "--format", "json").stdout)
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({**value, **change}))
    done = run("replay", kept, case)
    assert done.returncode in (2, 4)
    assert b"Traceback" not in done.stderr


def test_replay_sees_another_order_and_another_type(case: Path, tmp_path: Path) -> None:
    value = json.loads(run("recommend", case, "--format", "json").stdout)
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({**value, "recommendations": value["recommendations"][::-1]}))
    assert run("replay", kept, case).returncode == 4
    value["recommendations"][0]["rank"] = True
    kept.write_text(json.dumps(value))
    assert run("replay", kept, case).returncode == 4


@pytest.mark.parametrize("references", [None, 5, [{"x": 1}], ["a"]])
def test_refs_of_odd_results(tmp_path: Path, references: object) -> None:
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({"recommendations": [], "references": references}))
    done = run("refs", "--for", kept, "--format", "csl-json")
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "damage",
    [{"content": {}, "origins": {}, "pack_of": {}}, {"content": None, "origins": None, "pack_of": None}],
)
def test_a_cache_entry_that_was_changed_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: dict[str, object]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Recommender(engine="plain")
    (entry,) = cache.folder().glob("*.json")
    entry.write_text(json.dumps(damage))
    assert len(Recommender(engine="plain").base.rules) > 90
    entry.unlink()
    os.mkfifo(entry)
    assert len(Recommender(engine="plain").base.rules) > 90


@pytest.mark.parametrize(
    "arguments",
    [
        ["rules", "list", "--format", "json"],
        ["rules", "show", "orlistat-against-fasn"],
        ["rules", "show", "orlistat-against-fasn", "--format", "json"],
        ["rules", "graph"],
        ["rules", "graph", "--format", "json"],
        ["rules", "coverage", "--format", "json"],
        ["rules", "test", "--format", "json"],
        ["rules", "lint", "--format", "sarif"],
        ["audit", "--format", "markdown"],
        ["refs", "--format", "ris"],
        ["refs", "--format", "bibtex"],
        ["schema", "profile"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_both_phrases_stand_on_every_output(arguments: list[str]) -> None:
    text = (
        " ".join(run(*arguments, "--width", "200").stdout.decode().split())
        if arguments[0] == "doctor"
        else ""
    )
    text = text or " ".join(run(*arguments).stdout.decode().split())
    assert LABEL in text
    assert "not for treatment decisions" in text or DISCLAIMER in text


def imported(tmp_path: Path, name: str, content: str | bytes) -> Imported:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_profiles(file, BASE)


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


class TestCohorts:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", b"id," + b"x" * 200_000 + b"\n1,2\n"),
            ("a.csv", b"id\xff,therapies\na,sorafenib\n"),
            ("a.csv", b"id,therapies\n\xff,sorafenib\n"),
            ("a.csv", gzip.compress(b"id,therapies\na,sorafenib\n")),
            ("a.parquet", b"PAR1PAR1"),
            ("a.csv.gz", gzip.compress(b"id,therapies\na,sorafenib\n")),
        ],
        ids=["wide header", "header in Latin-1", "cell in Latin-1", "gzip", "no Parquet", "named gzip"],
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


def test_a_path_of_the_server_beside_a_query_that_is_no_text() -> None:
    pytest.importorskip("fastapi")
    from fuzzing.outer import Refused, Web

    web = Web(Path())
    for path in ("/x", "/api/recommend"):
        with pytest.raises(Refused):
            web.attempt(("GET", path, b"\xed\xa0\x80", {b"host": b"localhost"}, b""))
    web.close()


@pytest.mark.parametrize("body", [{"any_disease": 0}, {"any_disease": "yes"}, {"top": "3"}, {"top": True}])
def test_a_body_holds_what_its_description_says(body: dict[str, object]) -> None:
    pytest.importorskip("fastapi")
    from recommender.web.models import NextTestsBody

    with pytest.raises(ValueError, match="valid"):
        NextTestsBody.model_validate({"profile": {}, **body})


class TestTours:
    def test_a_profile_without_end_beside_a_tour(self, tmp_path: Path) -> None:
        shutil.copy(ROOT / "docs/examples/tour.yaml", tmp_path)
        (tmp_path / "tour-case.json").write_bytes(b" " * (LARGEST + 1))
        with pytest.raises(InputError, match="too much"):
            open_case(str(tmp_path / "tour.yaml"))

    def test_a_tour_without_end(self, tmp_path: Path) -> None:
        (tmp_path / "tour.yaml").write_bytes(b"#" * (LARGEST + 1))
        with pytest.raises(InputError, match="too much"):
            open_case(str(tmp_path / "tour.yaml"))

    @pytest.mark.parametrize("name", ["../case.json", "/etc/passwd", "a/b.json", "..", ".hidden"])
    def test_a_profile_elsewhere(self, tmp_path: Path, name: str) -> None:
        text = (ROOT / "docs/examples/tour.yaml").read_text().replace("tour-case.json", name)
        (tmp_path / "tour.yaml").write_text(text)
        with pytest.raises(InputError, match="profile"):
            open_case(str(tmp_path / "tour.yaml"))


def test_rule_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    pack = pack_with(tmp_path, "rules: []\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(RuleBaseError, match="cannot be read: Permission denied"):
        Recommender(rules=[pack], use_cache=False)


class TestCompressed:
    """Nothing is unpacked, so nothing can grow."""

    @pytest.mark.parametrize("suffix", [".json", ".yaml", ".json.gz"])
    def test_a_profile(self, tmp_path: Path, suffix: str) -> None:
        file = tmp_path / f"case{suffix}"
        file.write_bytes(gzip.compress(b" " * 50_000_000))
        done = run("recommend", file)
        assert done.returncode == 2
        assert b"compressed with gzip; unpack it first" in done.stderr

    @pytest.mark.parametrize("name", ["a.maf", "a.csv", "a.tsv.gz"])
    def test_a_table(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError, match="compressed with gzip"):
            imported(tmp_path, name, gzip.compress(b"a\n" * 1_000_000))


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


def test_a_million_markers_are_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"markers": {f"M{n}": "high" for n in range(1_000_000)}}))
    start = time.perf_counter()
    done = run("recommend", file)
    assert done.returncode == 2
    assert b"the limit is 4 MiB" in done.stderr
    assert time.perf_counter() - start < 10


SHAPES = {
    "plus": "+",
    "minus and space": "- ",
    "dots": ". ",
    "brackets": "[",
    "parentheses": "(",
    "spaces": " ",
    "with": " with ",
    "no": "no ",
    "TCGA": "TCGA-",
    "separators of a z-score": "._- ",
    "z": " z",
    "digits": "1",
    "1e": "1e+",
    "months": "1-Mar-",
    "hepatitis": "HBsAg ",
    "p.": "p.",
    "c.-": "c.-1-",
    "wide": "\u0130",
    "ligature": "ﷺ",
}


class TestRegularExpressions:
    """Time grows with the length of hostile text, and not with its square."""

    @pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
    def test_every_reader_of_texts(self, tmp_path: Path, shape: str) -> None:
        def spent(size: int) -> float:
            text = shape * (size // len(shape)) + "!"
            start = time.process_time()
            self.read(tmp_path, text)
            return time.process_time() - start

        spent(1_000)
        short, long = min(spent(20_000) for _ in range(2)), min(spent(80_000) for _ in range(2))
        assert long < 1 or long < 8 * short

    @staticmethod
    def read(tmp_path: Path, text: str) -> None:
        """Let every reader of texts see one: profiles, tables and phenopackets."""
        profile = {"disease": text[:400], "therapies": [text[:400]], "markers": {text[:400]: "high"}}
        for value in (
            {**profile, "mutations": [{"gene": "TP53", "change": text}], "note": text, "id": text[:400]},
            {"mutations": [text], "therapies": [text], "markers": {text: text}},
        ):
            with suppress(InputError):
                RECOMMENDER.recommend(Profile.parse(value), brief=True)
            with suppress(InputError):
                changed(Profile(), Changes([f"{text}={text}", text], [text], [f"+{text}", text]), BASE)
        column = text.replace(",", ";")
        names = (
            "Hugo_Symbol",
            "Entrez_Gene_Id",
            "Tumor_Sample_Barcode",
            "Variant_Classification",
            "HGVSp_Short",
        )
        tables = {
            "a.csv": f"id,FASN,HBsAg,mutations,therapies,{column}\n1{f',{column}' * 5}\n",
            "a.maf": "\t".join(names) + "\n" + "\t".join([text] * 5),
        }
        for name, content in tables.items():
            with suppress(InputError):
                imported(tmp_path, name, content)
        term = {"id": text, "label": text}
        packet = {
            "id": text,
            "biosamples": [{"id": "s", "histologicalDiagnosis": term, "diagnosticMarkers": [term]}],
            "diseases": [{"term": term}],
            "measurements": [{"assay": term, "value": {"ontologyClass": term}}],
            "medicalActions": [{"treatment": {"agent": term}}],
            "interpretations": [
                {
                    "diagnosis": {
                        "genomicInterpretations": [
                            {
                                "subjectOrBiosampleId": "s",
                                "variantInterpretation": {
                                    "variationDescriptor": {
                                        "label": text,
                                        "geneContext": {"valueId": text, "symbol": text},
                                        "expressions": [{"syntax": "hgvs.p", "value": text}],
                                    }
                                },
                            }
                        ]
                    }
                }
            ],
        }
        with suppress(InputError):
            imported(tmp_path, "a.json", json.dumps(packet))
        printable(text)
        safe_json(text)
        fold(text)

    def test_yaml_of_numbers_and_nesting(self) -> None:
        for text in ("a: " + "1" * 1_000_000, "a: -" + "." * 1_000_000, "[" * 100_000, "- " * 100_000):
            start = time.process_time()
            with suppress(InputError):
                Profile.read(text)
            assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: *a",
        "a: &a {<<: *a}",
        "!!python/object/apply:os.system ['true']",
        "a: !<tag:x> 1",
        "--- 1\n--- 2",
        "a: 1\na: 2",
        "? [a]\n: 1",
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"note": ' + "[" * 950 + "]" * 950 + "}",
        '{"markers": {"A": {"value": 1e999}}}',
        '{"markers": {"A": {"z_score": ' + "9" * 5000 + "}}}",
        '{"id": "\ud800"}',
        '{"id": "\\ud800"}',
        "id: \ud800",
        "id: a\0b",
    ],
    ids=lambda text: text[:16].encode("ascii", "backslashreplace").decode().replace("\0", "NUL"),
)
def test_texts_that_are_no_profile(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Profile.read(text)
    assert not STEERING.search(str(caught.value))
