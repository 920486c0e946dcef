"""Arrow does not import pandas in the process of the command."""

import subprocess
import sys

import pytest

pytest.importorskip("pyarrow")

CODE = """
import sys
from recommender.cohort.arrow import leave_pandas_alone
leave_pandas_alone()
import pyarrow
assert pyarrow.array(["a", None]).to_pylist() == ["a", None]
assert "pandas" not in sys.modules
import pandas
leave_pandas_alone()
"""


def test_it_is_left_alone_and_can_still_be_imported() -> None:
    pytest.importorskip("pandas")
    subprocess.run([sys.executable, "-c", CODE], check=True)
