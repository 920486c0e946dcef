"""A form with a file, as a browser sends it."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple


class Field(NamedTuple):
    """A field of a form: what it holds, and the name of the file for a field with one."""

    content: bytes
    file: str = ""


def fields_of(content_type: str, body: bytes) -> dict[str, Field]:
    """Return the fields of a form that was sent as multipart/form-data, by name; of other bodies none."""
    head = b"Content-Type: " + content_type.replace("\n", " ").encode("latin-1", "replace") + b"\r\n\r\n"
    found: dict[str, Field] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = Field(content, part.get_filename() or "")
    return found
