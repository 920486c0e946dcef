"""The summary of a cohort as pictures, SVG and PNG, without a browser. Every picture has the label."""

from collections.abc import Callable
from io import BytesIO
from textwrap import wrap
from typing import Any

from .._label import LABEL
from ..cohort.summary import Summary

_INK, _BAR, _FIRST = "#222222", "#7a9cc6", "#1f4e79"
_ROWS = 25
_SQUARE = 22
"""The height of the square of add-ons, in rows."""
_LETTERS = 34
"""Letters of a name in a line of it."""
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "cohort",
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(found: Summary) -> dict[str, bytes]:
    """Return the pictures of a summary, each as SVG and as PNG, by the names of their files."""
    import matplotlib as mpl

    mpl.use("agg")
    mpl.rcParams.update(_STYLE)
    pictures: dict[str, Callable[[Any], Any] | None] = {
        "strategies": lambda axes: _strategies(axes, found),
        "together": (lambda axes: _together(axes, found)) if found.together else None,
        "missing": (lambda axes: _missing(axes, found)) if found.markers else None,
    }
    rows = {"strategies": len(found.strategies), "together": _SQUARE, "missing": len(found.markers)}
    made: dict[str, bytes] = {}
    for name, picture in pictures.items():
        if picture is not None:
            made |= _drawn(picture, name, height=2.1 + 0.24 * min(rows[name], _ROWS))
    return made


def inline(found: Summary) -> list[str]:
    """Return the pictures of a summary as SVG to be put into a page."""
    texts = [data.decode() for name, data in draw(found).items() if name.endswith(".svg")]
    return [text[text.index("<svg") :] for text in texts]


def _drawn(picture: Callable[[Any], Any], name: str, *, height: float) -> dict[str, bytes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.2, max(height, 3)), layout="constrained")
    picture(figure.subplots())
    figure.supxlabel(f"{LABEL}. Not for treatment decisions.", fontsize=8, color="#a00000")
    made = {}
    for kind in ("svg", "png"):
        data = BytesIO()
        figure.savefig(data, format=kind, dpi=130, metadata={"Date": None} if kind == "svg" else None)
        made[f"{name}.{kind}"] = data.getvalue()
    return made


def _strategies(axes: Any, found: Summary) -> None:
    rows = found.strategies[:_ROWS][::-1]
    names = [one.rule for one in rows]
    axes.barh(names, [one.tumours for one in rows], color=_BAR, label="has it")
    axes.barh(names, [one.first for one in rows], color=_FIRST, label="has it first", height=0.4)
    first = f", the first {len(rows)} of {len(found.strategies)}" if len(found.strategies) > len(rows) else ""
    title = f"Strategies by number of tumours, of {found.profiles:,} with any{first}"
    axes.set_title(title, loc="left", color=_INK)
    axes.set_xlabel("tumours")
    axes.xaxis.set_major_locator(_whole_numbers())
    axes.figure.legend(frameon=False, loc="outside upper right", ncols=2)


def _together(axes: Any, found: Summary) -> None:
    names = sorted({name for one, other, _ in found.together for name in (one, other)})
    place = {name: at for at, name in enumerate(names)}
    grid = [[0] * len(names) for _ in names]
    for one, other, count in found.together:
        grid[place[one]][place[other]] = grid[place[other]][place[one]] = count
    image = axes.imshow(grid, cmap="cividis", vmin=0)
    folded = ["\n".join(wrap(name, _LETTERS)) for name in names]
    axes.set_xticks(range(len(names)), folded, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), folded)
    axes.figure.colorbar(image, ax=axes, label="tumours with both", shrink=0.7, ticks=_whole_numbers())
    axes.set_title("Add-ons that tumours have together", loc="left", color=_INK)


def _whole_numbers() -> Any:
    """Return where an axis has ticks that counts tumours."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def _missing(axes: Any, found: Summary) -> None:
    rows = found.markers[:_ROWS][::-1]
    names = [f"{one.marker} ({one.axis})" for one in rows]
    axes.barh(names, [100 * (1 - one.measured / (one.tumours or 1)) for one in rows], color=_BAR)
    axes.set_xlim(0, 100)
    axes.set_xlabel("per cent of tumours")
    first = f", the first {len(rows)} of {len(found.markers)}" if len(found.markers) > len(rows) else ""
    axes.set_title(f"Markers of the rules that are missing{first}", loc="left", color=_INK)
