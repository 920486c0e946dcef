"""Files that are no tables in text, known by how they begin."""

_MAGIC = {
    b"PK\x03\x04": (
        "is a workbook or a zip archive",
        "Unpack an archive first; the name of a workbook ends in .xlsx.",
    ),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook", "Save the sheet as CSV UTF-8 first."),
    b"BZh": ("is compressed with bzip2", "Unpack it first."),
    b"\xfd7zXZ": ("is compressed with xz", "Unpack it first."),
    b"%PDF": ("is a PDF", "A table in text is needed."),
    b"version https://git-lfs": ("is a pointer of Git LFS, not the data", "Fetch it with: git lfs pull."),
}
_MARKUP = {
    "{": ("is JSON", "A phenopacket ends in .json; profiles are used with recommend."),
    "[{": ("is JSON", "A phenopacket ends in .json; profiles are used with recommend."),
    "<?xml": ("is XML", "A table in text is needed."),
    "<!doctype html": ("is a web page", "The download may have failed; open it to see."),
    "<html": ("is a web page", "The download may have failed; open it to see."),
}


def foreign(start: bytes) -> tuple[str, str] | None:
    """Return what a file is that begins with these bytes, and what to do; None where it may be a table."""
    for magic, found in _MAGIC.items():
        if start.startswith(magic):
            return found
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "is text in UTF-32", "Save it as UTF-8."
    if b"\0" in start:
        return "is not a text file", "Is it a binary file?"
    text = start.decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t").casefold()
    for begin, (what, hint) in _MARKUP.items():
        if text.startswith(begin):
            return f"{what}, not a table", hint
    return None
