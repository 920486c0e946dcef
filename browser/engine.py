"""The program inside a worker of the browser: an address or a file in, an answer as JSON out."""

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from recommender import Profile, Recommender
from recommender._errors import InputError, Problem
from recommender._text import shortened
from recommender.page.local import NAVIGATION, LocalPage
from recommender.page.replies import Reply

MAX_MOVES = 3
"""Times that an answer may lead to another address before it counts as a fault."""
DOCUMENTS = ("Docs", "docs/index.html")


class Engine:
    """Answers what the page asks, with the shipped rules and the plain engine."""

    def __init__(self) -> None:
        self.recommender = Recommender(engine="plain")
        self.page = LocalPage(self.recommender, navigation=(*NAVIGATION, DOCUMENTS))

    def get(self, address: str) -> str:
        """Return the answer to an address, and the address that it was led to."""
        reply = self._at(address)
        for _ in range(MAX_MOVES):
            if not reply.location:
                break
            address = reply.location
            reply = self._at(address)
        return _as_json(reply, address)

    def read(self, data: bytes | memoryview, name: str, text: str, therapy: str) -> str:
        """Return the answer to a file, or to a pasted text without one."""
        reply = self.page.read(bytes(data), name, text, therapy)
        return self.get(reply.location) if reply.location else _as_json(reply, "")

    def recommend(self, profiles: Sequence[str]) -> str:
        """Return the results of profiles, each as the JSON that the command line prints."""
        return json.dumps(
            [self.recommender.recommend(Profile.parse(json.loads(one))).to_json() for one in profiles]
        )

    def _at(self, address: str) -> Reply:
        path, _, query = address.partition("?")
        answer = self.page.paths.get(path)
        if answer is None:
            problem = Problem("", f"there is nothing at {shortened(path)}.")
            return self.page.refusal("This page does not exist", (problem,), 404)
        try:
            return answer(parse_qsl(query, keep_blank_values=True))
        except InputError as error:
            return self.page.refusal("This cannot be answered", tuple(error.problems), 422)


def _as_json(reply: Reply, address: str) -> str:
    value = {"status": reply.status, "text": reply.text, "type": reply.media_type, "file": reply.file}
    return json.dumps({**value, "address": address})
