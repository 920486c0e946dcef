"""The summary of a cohort as pictures, SVG and PNG, without a browser. Every picture has the label."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .._errors import InputError, Problem
from ..cohort.summary import Summary
from ..result.model import LABEL
from . import emit_all

_INK, _BAR, _FIRST = "#222222", "#7a9cc6", "#1f4e79"
_ROWS = 25
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "cohort",
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(found: Summary, folder: Path) -> list[Path]:
    """Draw the pictures of a summary into a folder, and return their files. Raises InputError."""
    import matplotlib as mpl

    mpl.use("agg")
    mpl.rcParams.update(_STYLE)
    emit_all(folder, {})
    pictures: dict[str, Callable[[Any], Any] | None] = {
        "strategies": lambda axes: _strategies(axes, found),
        "together": (lambda axes: _together(axes, found)) if found.together else None,
        "missing": (lambda axes: _missing(axes, found)) if found.markers else None,
    }
    heights = {"strategies": len(found.strategies), "together": 16, "missing": min(len(found.markers), _ROWS)}
    made = []
    for name, picture in pictures.items():
        if picture is not None:
            made += _save(picture, folder / name, height=1.8 + 0.24 * heights[name])
    return made


def inline(found: Summary) -> list[str]:
    """Return the pictures of a summary as SVG to be put into a page."""
    with tempfile.TemporaryDirectory() as folder:
        made = draw(found, Path(folder))
        texts = [path.read_text() for path in made if path.suffix == ".svg"]
    return [text[text.index("<svg") :] for text in texts]


def _save(picture: Callable[[Any], Any], stem: Path, *, height: float) -> list[Path]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.2, max(height, 3)), layout="constrained")
    picture(figure.subplots())
    figure.supxlabel(f"{LABEL}. Not for treatment decisions.", fontsize=8, color="#a00000")
    made = [stem.with_suffix(suffix) for suffix in (".svg", ".png")]
    try:
        for path in made:
            figure.savefig(path, dpi=130, metadata={"Date": None} if path.suffix == ".svg" else None)
    except OSError as error:
        raise InputError(
            [Problem("", f"it cannot be written: {error.strerror}.")], source=str(stem)
        ) from None
    return made


def _strategies(axes: Any, found: Summary) -> None:
    rows = found.strategies[:_ROWS][::-1]
    names = [one.rule for one in rows]
    axes.barh(names, [one.tumours for one in rows], color=_BAR, label="has it")
    axes.barh(names, [one.first for one in rows], color=_FIRST, label="has it first", height=0.4)
    axes.set_title(f"Strategies by number of tumours, of {found.profiles:,} with any", loc="left", color=_INK)
    axes.set_xlabel("tumours")
    axes.legend(frameon=False, loc="lower right")


def _together(axes: Any, found: Summary) -> None:
    names = sorted({name for one, other, _ in found.together for name in (one, other)})
    place = {name: at for at, name in enumerate(names)}
    grid = [[0] * len(names) for _ in names]
    for one, other, count in found.together:
        grid[place[one]][place[other]] = grid[place[other]][place[one]] = count
    image = axes.imshow(grid, cmap="cividis")
    short = [name if len(name) <= 34 else f"{name[:33]}…" for name in names]
    axes.set_xticks(range(len(names)), short, rotation=60, ha="right")
    axes.set_yticks(range(len(names)), short)
    axes.figure.colorbar(image, ax=axes, label="tumours with both", shrink=0.7)
    axes.set_title("Add-ons that tumours have together", loc="left", color=_INK)


def _missing(axes: Any, found: Summary) -> None:
    rows = found.markers[:_ROWS][::-1]
    names = [f"{one.marker} ({one.axis})" for one in rows]
    axes.barh(names, [100 * (1 - one.measured / (one.tumours or 1)) for one in rows], color=_BAR)
    axes.set_xlim(0, 100)
    axes.set_xlabel("per cent of tumours")
    axes.set_title("Markers that rules ask for and that are missing", loc="left", color=_INK)
