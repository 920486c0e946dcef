"""`recommender mcp`: the same answers as tools for assistants."""

from .._extras import importing, needs
from . import options
from .helping import examples

EXAMPLES = examples("recommender mcp", "recommender mcp --rules my-pack")


def mcp(rules: options.RuleFolders = None, weights: options.OwnWeights = None) -> None:
    """Serve tools for an assistant over stdio, by the Model Context Protocol (extra `mcp`).

    An assistant starts the command itself; docs/assistants.md has the settings. Nothing is stored, and
    nothing is sent elsewhere.

    Preclinical evidence, not for treatment decisions.
    """
    needs("assistants")
    from ..recommender import Recommender

    with importing("assistants"):
        from ..assistants.server import serve_assistants
    serve_assistants(Recommender(rules=rules or (), weights=weights))
