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
    from ..views.listing import listing, paragraphs
    from .output import emit, screen

    rows = [
        {"name": case.name, "teaches": case.teaches, "therapies": case.profile.therapies}
        for case in shipped()
    ]
    if output_format == "table":
        entries = ((case.name, ", ".join(case.profile.therapies), case.teaches) for case in shipped())
        note = "Use one by its name: recommender recommend CASE"
        emit(paragraphs("Teaching cases", entries, screen(width, output), note=note), output)
        return
    columns = {"name": "Case", "teaches": "What it teaches", "therapies": "Therapy"}
    emit(listing(rows, columns, output_format, title="Teaching cases"), output)
