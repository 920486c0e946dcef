"""The notebook of the docs, run from its first cell to its last by a kernel of this interpreter."""

import json
import sys
from pathlib import Path

import pytest
from support.places import ROOT

from recommender import LABEL

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("duckdb")
pytest.importorskip("pandas")

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("default"),  # those of the packages that run notebooks are not ours
]

NOTEBOOK = ROOT / "docs" / "examples" / "python.ipynb"


def test_the_notebook_runs_and_shows_the_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without outputs in the file, so that it cannot show an answer of the past."""
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "ours"}))
    for name in (
        "JUPYTER_PATH",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTER_CONFIG_DIR",
        "IPYTHONDIR",
    ):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    book = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(book)
    assert [cell.outputs for cell in book.cells if cell.cell_type == "code" and cell.outputs] == []
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    shown = [
        output.get("data", {}) for cell in book.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    pages = [data["text/html"] for data in shown if "text/html" in data]
    assert len(pages) == 3
    assert all(LABEL in page for page in pages)
    assert [data for data in shown if "image/svg+xml" in data]
    assert "ferroptosis" in json.dumps(shown)
