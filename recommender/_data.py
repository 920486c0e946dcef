"""Where the shipped rules and teaching cases are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder `rules` or `profiles`, inside the installed package or next to the source."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def is_checkout() -> bool:
    """Return True where the program runs from a checkout of its source."""
    return not (_PACKAGE / "_shipped").is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file()
