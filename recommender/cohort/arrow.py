"""Arrow without pandas, which it imports for its first array wherever pandas is installed."""

import sys

import pyarrow as pa

from .._extras import hidden


def leave_pandas_alone() -> None:
    """Let Arrow find no pandas in this process: nothing here uses it, and it takes longer than a cohort.

    For a process of our own only. Without effect where pandas is imported already, or an array was made.
    """
    if "pandas" not in sys.modules:
        with hidden("pandas"):
            pa.array([])
