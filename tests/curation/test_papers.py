"""Papers in the files of reference managers."""

import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run
from support.generators import BASE
from support.places import ROOT

from recommender import InputError
from recommender.curation.papers import Paper, read_papers
from recommender.views import bibliography

pytestmark = pytest.mark.once

EXAMPLES = ROOT / "docs" / "examples"
RIS = "TY  - JOUR\nTI  - One\nER  - \n"


def read(folder: Path, text: str | bytes, name: str = "papers.ris") -> list[Paper]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_papers(file)


def problem(folder: Path, text: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return str(caught.value)


def test_ris_of_several_programs() -> None:
    first, second, third, *_ = read_papers(EXAMPLES / "new-papers.ris")
    assert (first.doi, first.year, first.line) == ("10.1234/invented.1", 2026, 1)
    assert first.keywords == ("ferroptosis", "FGFR4")
    assert (second.title, second.year) == ("Orlistat does not sensitise HCC to sorafenib", 2026)
    assert second.abstract.endswith("Orlistat did not induce ferroptosis.")
    assert (third.year, third.doi, third.pmid) == (None, "", "")


def test_medline_of_pubmed() -> None:
    first, second = read_papers(EXAMPLES / "new-papers.nbib")
    assert first.title == "NRF2 activation confers resistance to sorafenib in cholangiocarcinoma"
    assert first.abstract.endswith("NRF2 inhibits ferroptosis.")
    assert (first.doi, first.pmid, first.year) == ("10.1234/invented.2", "100000001", 2025)
    assert first.keywords == ("*KEAP1", "Carcinoma, Hepatocellular/drug therapy")
    assert (second.pmid, second.abstract, second.line) == ("100000002", "", 13)


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, (EXAMPLES / "new-papers.nbib").read_bytes(), "papers.ris")[0].pmid == "100000001"
    assert read(tmp_path, RIS, "papers.txt")[0].title == "One"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_ends_of_lines(tmp_path: Path, encoding: str, ends: str) -> None:
    text = "Exported\n\nTY  - JOUR\nTI  - HIF-1α\nKW  - a\nb\n\nAB  - One\ntwo\nER  - \n"
    (paper,) = read(tmp_path, text.replace("\n", ends).encode(encoding))
    assert (paper.title, paper.keywords, paper.abstract, paper.line) == ("HIF-1α", ("a", "b"), "One two", 3)


def test_a_packed_file(tmp_path: Path) -> None:
    assert read(tmp_path, gzip.compress(RIS.encode()), "papers.ris.gz")[0].title == "One"


def test_ids_of_papers(tmp_path: Path) -> None:
    (scopus, endnote, other) = read(
        tmp_path,
        "TY  - JOUR\nC2  - 123\nER  - \nTY  - JOUR\nAN  - 456\nER  - \n"
        "TY  - JOUR\nAN  - WOS:7\nDO  - none\nER  - \n",
    )
    assert (scopus.pmid, endnote.pmid, other.pmid, other.doi) == ("123", "456", "", "")


def test_faults_name_the_line_and_what_to_do(tmp_path: Path) -> None:
    assert "it is empty" in problem(tmp_path, "\ufeff \n")
    neither = problem(tmp_path, "\n@article{a, title={b}}\n")
    assert "line 2" in neither
    assert ".nbib" in neither
    cut = problem(tmp_path, f"{RIS}TY  - JOUR\nTI  - Two\n")
    assert "line 4" in cut
    assert "cut off" in cut
    assert "before the next one in line 2" in problem(tmp_path, f"TY  - JOUR\n{RIS}")
    latin = problem(tmp_path, RIS.encode() + "TI  - é".encode("latin-1"))
    assert "line 4" in latin
    assert "UTF-8" in latin
    assert "cannot be read" in problem(tmp_path, b"\x1f\x8b damaged")


def test_what_we_write_is_read_again(tmp_path: Path) -> None:
    pytest.importorskip("rispy")
    written = read(tmp_path, bibliography.ris(BASE.references.values()))
    assert [paper.doi for paper in written] == [(one.doi or "").lower() for one in BASE.references.values()]
    assert [paper.pmid for paper in written] == [one.pmid or "" for one in BASE.references.values()]


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["TY  - JOUR", "ER  - ", "PMID- 1", "AB  - x", "      y", "", "KW  - ", "ER", "TI  -", "DO  - 10"]
        ),
        st.text(max_size=12),
    ),
    max_size=12,
)


@given(lines=LINES)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    text = "\n".join(lines).encode(errors="replace")
    papers: list[Paper] | None = None
    with suppress(InputError):
        papers = read(tmp_path_factory.getbasetemp(), text)
    assert papers is None or 1 <= len(papers) <= text.count(b"TY") + text.count(b"PMID")


def test_a_record_is_the_same_wherever_it_is(tmp_path: Path) -> None:
    alone = read(tmp_path, RIS)
    assert [one._replace(line=1) for one in read(tmp_path, f"TY  - JOUR\nAB  - x\nER  - \n\n{RIS}")][
        1:
    ] == alone


def test_the_command_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "neither.ris"
    file.write_text("nothing")
    done = run("triage", file)
    assert done.returncode == 2
    assert str(file).encode() in done.stderr
