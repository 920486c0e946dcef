"""Files as programs save them: packed with gzip, or in UTF-16 as PowerShell writes it; read as UTF-8."""

import codecs
import errno
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

_PIECE = 64 * 1024
_MAX_LINE = 64 * 1024 * 1024
"""Bytes between two ends of lines. A device or a small packed file could make one that fills the memory."""
PACKED = ".gz"
"""How the name of a packed file ends."""
TEXT_TABLES = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".xlsm")
TABLES = (*TEXT_TABLES, ".parquet", *WORKBOOKS)
"""How the names of tables end, those of text packed with gzip or not."""
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_32 = b"\xff\xfe\0\0"


def plain_name(name: str) -> str:
    """Return the name that a file has when it is not packed.

    >>> plain_name("tumours.ndjson.gz")
    'tumours.ndjson'
    """
    return name[: -len(PACKED)] if name.lower().endswith(PACKED) else name


def ending(name: str) -> str:
    """Return how a name ends, in lower case, that of a packed file included.

    >>> ending("Tumours.CSV.gz")
    '.csv'
    """
    return Path(plain_name(name)).suffix.lower()


def is_plain(path: Path) -> bool:
    """Return whether a file is read as it is, neither packed nor in UTF-16. Raises OSError."""
    with path.open("rb") as stream:
        start = stream.read(4)
    return not start.startswith((_GZIP, *_UTF_16)) or start == _UTF_32


def opened(path: Path) -> io.BufferedReader:
    """Return the content of a file as bytes: what is packed with gzip unpacked, and UTF-16 as UTF-8.

    Raises OSError here and while it is read, also where a packed file is damaged or a line has no end.
    """
    stream: Any = path.open("rb")
    try:
        return unpacked(stream, owned=True)
    except BaseException:
        stream.close()
        raise


def unpacked(stream: BinaryIO, *, owned: bool = False) -> io.BufferedReader:
    """Return a stream that is read as by `opened`; it closes the one given only where that is `owned`.

    No more is read from a pipe than is there, so that an answer need not wait for the next line.
    """
    found: Any = stream if hasattr(stream, "peek") else _joined(_pieces, stream, owned=owned)
    start = found.peek(4)[:4]
    if start.startswith(_GZIP):
        return unpacked(_joined(_gunzipped, found, owned=owned), owned=True)
    if start.startswith(_UTF_16) and start != _UTF_32:
        found, owned = _joined(_recoded, found, owned=owned), True
    return _joined(_limited, found, owned=owned or found is not stream)


def _joined(make: Callable[[Any], Iterator[bytes]], source: BinaryIO, *, owned: bool) -> io.BufferedReader:
    return io.BufferedReader(_Joined(make, source, owned=owned), _PIECE)


def _pieces(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _limited(stream: Any) -> Iterator[bytes]:
    length = 0
    while piece := stream.read1(_PIECE):
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        length = length + len(piece) if end < 0 else len(piece) - end
        yield piece
        if length > _MAX_LINE:
            raise OSError(errno.EFBIG, f"it has a line of more than {_MAX_LINE // 2**20} MiB")


def _gunzipped(stream: Any) -> Iterator[bytes]:
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            while piece := packed.read1(_PIECE):
                yield piece
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise OSError(errno.EILSEQ, "what is packed with gzip is damaged or cut off") from None


def _recoded(stream: Any) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while piece := stream.read1(_PIECE):
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "it is not text in UTF-16, as its first bytes say") from None


class _Joined(io.RawIOBase):
    """The pieces of a stream, as a stream that can go back to its beginning."""

    def __init__(self, make: Callable[[Any], Iterator[bytes]], source: BinaryIO, *, owned: bool) -> None:
        self._make = make
        self._source = source
        self._owned = owned
        self._begin()

    def _begin(self) -> None:
        self._pieces = self._make(self._source)
        self._rest = memoryview(b"")
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._source.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if (offset, whence) == (0, io.SEEK_SET):
            self._source.seek(0)
            self._begin()
        elif (offset, whence) != (0, io.SEEK_CUR):
            raise io.UnsupportedOperation
        return self._at

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self._at += count
        return count

    def close(self) -> None:
        if self._owned:
            self._source.close()
        super().close()
