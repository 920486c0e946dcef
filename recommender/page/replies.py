"""What the page answers, as a value that a server, or a worker in a browser, can hand on."""

from typing import NamedTuple

HTML = "text/html"


class Reply(NamedTuple):
    """An answer: its status and text. `location` is where it leads to; `file` the name to save it under."""

    text: str
    status: int = 200
    media_type: str = HTML
    location: str = ""
    file: str = ""


def moved(location: str) -> Reply:
    """Return the answer that leads to another address of the page."""
    return Reply("", 303, location=location)


def attachment(text: str, file: str, media_type: str = HTML) -> Reply:
    """Return a text to save as a file."""
    return Reply(text, media_type=media_type, file=file)
