"""Audit and references in a terminal: a block each, and links where there are links."""

import re

import pytest
from support.commands import run

from recommender import Recommender

pytestmark = pytest.mark.once


def test_every_finding_is_a_block(recommender: Recommender) -> None:
    text = run("audit", "--width", "80").stdout.decode()
    assert max(map(len, text.splitlines())) <= 80
    for label in ("  Review  ", "  Paper  ", "  Encoded as  ", "  Source read  "):
        assert text.count(f"\n{label}") == len(recommender.base.content.audit)
    words = " ".join(text.split())
    for one in recommender.base.content.audit:
        assert f"{one.id} {one.severity} · " in words
        for said in (one.review_says, one.cited_work_says, one.encoded_as):
            assert " ".join(said.split()) in words


def test_a_doi_is_whole_and_a_link_only_in_a_terminal(recommender: Recommender) -> None:
    plain = run("refs", "--width", "80").stdout.decode()
    linked = run("refs", "--width", "80", FORCE_COLOR="1", TERM="xterm-256color").stdout.decode()
    assert "\x1b" not in plain
    for one in recommender.base.references.values():
        if one.doi:
            assert re.search(rf"doi:{re.escape(one.doi)}(?: ·.*)?\n", plain)
            assert f";https://doi.org/{one.doi}\x1b\\doi:{one.doi}" in linked
