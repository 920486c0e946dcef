"""Files as programs save them are read as the same bytes, and damage is an error of the file."""

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender._opening import ending, opened, plain_name, unpacked

# A NUL at the beginning of UTF-16 looks as UTF-32 does.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans(), st.integers(1, 64))
def test_a_text_is_the_same_however_it_is_saved(text: str, encoding: str, packed: bool, step: int) -> None:
    data = text.removeprefix("\ufeff").encode(encoding)
    stream = unpacked(io.BytesIO(gzip.compress(data, mtime=0) if packed else data))
    read = b"".join(iter(lambda: stream.read(step), b""))
    assert read.decode("utf-8-sig") == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_either_order_of_bytes(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes("\ufeffä\n𝄞".encode(encoding))
    with opened(file) as stream:
        assert stream.read().decode() == "ä\n𝄞"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(b"x" * 1000, mtime=0)[:-10], "damaged or cut off"),
        (gzip.compress(b"x" * 1000, mtime=0) + b"more", "damaged or cut off"),
        (b"\x1f\x8b", "damaged or cut off"),
        (b"\x1f\x8bnot gzip at all", "damaged or cut off"),
        ("\ufeffä".encode("utf-16-le")[:-1], "not text in UTF-16"),
        ("\ufeff".encode("utf-16-le") + b"\x00\xd8", "not text in UTF-16"),
    ],
    ids=["cut off", "more", "two bytes", "text", "half a character", "half a pair"],
)
def test_damage_is_an_error_of_the_file(data: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    with pytest.raises(OSError, match=why), opened(file) as stream:
        stream.read()


def test_what_is_packed_is_no_larger_in_memory_than_is_asked_for() -> None:
    stream = unpacked(io.BytesIO(gzip.compress(b"0" * 50_000_000, mtime=0)))
    assert stream.read(10) == b"0" * 10


@given(TEXTS, st.sampled_from(["utf-8", "utf-16"]), st.booleans(), st.integers(0, 50))
def test_a_file_can_be_read_from_its_beginning_again(
    text: str, encoding: str, packed: bool, first: int
) -> None:
    data = text.encode(encoding)
    binary = unpacked(io.BytesIO(gzip.compress(data, mtime=0) if packed else data))
    stream = io.TextIOWrapper(binary, encoding="utf-8", newline="")
    stream.read(first)
    stream.seek(0)
    assert stream.read() == text


def test_utf_32_is_left_as_it_is() -> None:
    data = "\ufeff{}".encode("utf-32-le")
    assert unpacked(io.BytesIO(data)).read() == data


@pytest.mark.parametrize("pack", [bytes, lambda data: data.decode().encode("utf-16")])
def test_a_line_of_a_pipe_is_there_before_the_next_one(pack: Callable[[bytes], bytes]) -> None:
    out, into = os.pipe()
    try:
        os.write(into, pack(b"first\n"))
        with open(out, "rb") as pipe:  # noqa: PTH123 - a descriptor
            stream = unpacked(pipe)
            assert stream.readline() == b"first\n"
            os.write(into, pack(b"second\n").removeprefix(b"\xff\xfe"))
            assert stream.readline() == b"second\n"
    finally:
        os.close(into)


def test_closing_closes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "x.gz"
    file.write_bytes(gzip.compress("\ufeffx".encode("utf-16-le"), mtime=0))
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
    with opened(file) as stream:
        assert stream.read() == b"x"
    assert not before or before == len(list(descriptors.iterdir()))
    given = io.BytesIO("\ufeffx".encode("utf-16-le"))
    unpacked(given).close()
    assert not given.closed


def test_names() -> None:
    assert [plain_name(name) for name in ("a.json.gz", "a.JSON.GZ", "a.json")] == [
        "a.json",
        "a.JSON",
        "a.json",
    ]
    assert [ending(name) for name in ("a.Json.gz", "a", "x.gz")] == [".json", "", ""]
