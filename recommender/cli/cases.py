"""`recommender cases`: the teaching cases that come with the program."""

from . import options
from .helping import examples

EXAMPLES = examples("recommender cases", "recommender recommend CASE", "recommender explain CASE 1")


def cases(
    output_format: options.TableJsonMarkdown = "table",
    output: options.Output = None,
    width: options.Width = None,
) -> None:
    """List the shipped teaching cases, which can be used by name wherever a profile is expected."""
    from ..intake.cases import cases as shipped
    from ..views.listing import listing
    from .output import emit, screen

    rows = [
        {"name": case.name, "teaches": case.teaches, "therapies": case.profile.therapies}
        for case in shipped()
    ]
    columns = {"name": "Case", "teaches": "What it teaches", "therapies": "Therapy"}
    note = "Use one by its name: recommender recommend CASE" if output_format == "table" else ""
    shown_on = screen(width, output)
    emit(listing(rows, columns, output_format, title="Teaching cases", screen=shown_on, note=note), output)
