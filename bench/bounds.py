"""Every bound on speed and memory, each in this one place, and what a measurement says of it."""

from typing import NamedTuple


class Bound(NamedTuple):
    """What is measured, and the most (or, with `least`, the least) that it may be.

    The unit is "x" for a ratio to something measured in the same run.
    """

    what: str
    limit: float
    unit: str
    least: bool = False

    def holds(self, value: float) -> bool:
        """Return whether a measured value is within the bound."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {amount(self.limit, self.unit)}"


BOUNDS = {
    "plain": Bound("plain engine against zen-engine", 1, "x"),
    "durable": Bound("durable-rules, as we use it, against zen-engine", 1, "x"),
    "brief-durable": Bound("recommend(), brief, durable-rules", 1, "ms"),
    "brief-plain": Bound("recommend(), brief, plain engine", 1, "ms"),
    "everything-durable": Bound("recommend(), everything, durable-rules", 20, "ms"),
    "everything-plain": Bound("recommend(), everything, plain engine", 20, "ms"),
    "next-tests": Bound("next_tests(), 3 markers known", 1, "s"),
    "cold-table": Bound("cold start to the table, against the import floor", 1.3, "x"),
    "cold-json": Bound("cold start to JSON, against the import floor", 1.15, "x"),
    "stream-memory": Bound("memory of a long stream beyond one of 1,000 lines", 60, "MiB"),
    "study-import": Bound("import of a study (the bound is for 30 tumours, the example has 4)", 2, "s"),
    "cohort-against-recommend": Bound("cohort against recommend() in processes", 20, "x", least=True),
    "cohort-against-hand": Bound("time of a cohort against the job by hand", 1.25, "x"),
    "cohort-memory": Bound("peak memory of a cohort of 1,000,000", 800, "MiB"),
    "cohort-growth": Bound("time of 1,000,000 profiles against 100,000", 11, "x"),
    "cohort-largest-memory": Bound("peak memory of a cohort of 10,000,000", 1024, "MiB"),
    "cohort-largest-growth": Bound("time of 10,000,000 profiles against 1,000,000", 10.5, "x"),
    "cohort-373": Bound("cohort of 373 tumours from the command line", 0.7, "s"),
    "report": Bound("report of a full profile", 1.5, "s"),
    "report-size": Bound("size of that report", 1.5, "MB"),
    "toggle": Bound("toggle of the page, median", 100, "ms"),
    "brief-before": Bound("a brief answer, against the release before", 0.94, "x"),
    "full-before": Bound("a full answer, against the release before", 0.43, "x"),
    "stream-before": Bound("time of a stream on two cores, against the release before", 0.59, "x"),
    "serve-failures": Bound("requests that failed, 200 clients at once", 0, ""),
    "serve-p99": Bound("99 of 100 answers, 200 clients at once", 1, "s"),
}


class Section(NamedTuple):
    """What one part of the measurements found: the values by bound, and the words and tables about it."""

    title: str
    values: dict[str, float]
    text: str


def amount(value: float, unit: str) -> str:
    """Return a value with its unit, three digits long where it is not a whole number."""
    digits = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{digits} {unit}".strip()


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def verdicts(values: dict[str, float]) -> tuple[list[list[str]], bool]:
    """Return a row for each value and its bound, and whether all hold."""
    rows = [
        [BOUNDS[key].what, str(BOUNDS[key]), amount(value, BOUNDS[key].unit), _word(BOUNDS[key], value)]
        for key, value in values.items()
    ]
    return rows, all(BOUNDS[key].holds(value) for key, value in values.items())


def _word(bound: Bound, value: float) -> str:
    return "ok" if bound.holds(value) else "FAILED"
