"""`recommender serve`: the same answers as a page and a JSON API on this machine."""

from typing import Annotated

import typer

from .._extras import needs
from . import options
from .helping import examples

EXAMPLES = examples("recommender serve", "recommender serve --port 9000 --rules my-pack")


def serve(
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Address to listen on; 0.0.0.0 to be reached by other machines."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port; 0 for any free one.")
    ] = 8765,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            min=1,
            max=64,
            help="Number of worker processes.",
            show_default="one per core, at most 4",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="Also answer requests to this host name; may be repeated.",
        ),
    ] = None,
    rules: options.RuleFolders = None,
) -> None:
    """Serve a page and a JSON API on this machine until stopped (extra `web`).

    Nothing is stored, and nothing is sent elsewhere. The case is part of the page's address, which stays in
    the history of the browser.

    Preclinical evidence, not for treatment decisions.
    """
    needs("page and API")
    from ..web.serving import Serving, run_server
    from .flags import with_flags
    from .output import tell

    serving = Serving(host, port, tuple(allow_host or ()), tuple(map(str, rules or ())))
    run_server(serving, lambda text: tell(with_flags(text)), workers=workers)
