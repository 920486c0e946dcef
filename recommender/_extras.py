"""Which packages an extra brings, whether they are there, and how to get them."""

_PACKAGES = {
    "cohort": ("duckdb", "numpy", "pyarrow", "sqlglot"),
    "spark": ("pyspark",),
    "report": ("matplotlib",),
    "web": ("fastapi", "uvicorn"),
}


def needs(extra: str) -> None:
    """Raise InputError where the packages of an extra are not installed."""
    from importlib.util import find_spec

    from ._errors import InputError, Problem

    missing = [name for name in _PACKAGES[extra] if find_spec(name) is None]
    if missing:
        what = f"this needs the extra `{extra}`, and {', '.join(missing)} cannot be found."
        raise InputError([Problem("", what, f"Install it: pip install 'ferroptosis-recommender[{extra}]'")])
