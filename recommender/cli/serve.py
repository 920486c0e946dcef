"""`recommender serve`: the same answers as a page and a JSON API on this machine."""

from typing import Annotated

import typer

from .._extras import needs
from . import options

EXAMPLES = "Examples: recommender serve; recommender serve --port 9000 --rules my-pack"


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; other machines reach 0.0.0.0.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes one that is free.")
    ] = 8765,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Processes that answer; without it one a core, to 4."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="Answer to this name as well, as a browser has it; may be repeated.",
        ),
    ] = None,
    rules: options.RuleFolders = None,
) -> None:
    """Serve a page and a JSON API on this machine until stopped (extra `web`).

    Nothing is kept here, and nothing is sent elsewhere; the case stands in the page's address, which a
    browser keeps in its history.

    Preclinical evidence, not for treatment decisions.
    """
    needs("page and API")
    from ..web.serving import Serving, run_server
    from .flags import with_flags
    from .output import tell

    serving = Serving(host, port, tuple(allow_host or ()), tuple(map(str, rules or ())))
    run_server(serving, lambda text: tell(with_flags(text)), workers=workers)
