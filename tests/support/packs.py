"""Rule packs for tests."""

from pathlib import Path


def pack_with(folder: Path, text: str, file: str = "x.yaml") -> Path:
    """Make a folder that holds one file of rules, and return it."""
    folder.mkdir(parents=True)
    (folder / file).write_text(text)
    return folder
