"""The pages that can be read without the program: cases, tours and lists, as plain files."""

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import parse_qsl

from recommender import Recommender
from recommender.page.address import Query
from recommender.page.local import NAVIGATION, LocalPage
from recommender.page.teaching import case_entries, tour_entries

from .engine import DOCUMENTS

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
"""Also of the worker, where the server sends it as a header; a page can state it for itself only."""
PLAIN_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'"
ENGINE = """
<p class="engine" id="engine" role="status"><span>The program needs a current browser with JavaScript, and
this folder on a web server: <code>python -m http.server</code> in it, then <code>http://localhost:8000</code>.</span>
<progress hidden aria-label="Loading" value="0"></progress>
<span class="as-pages"><a href="cases.html">Cases</a> and <a href="tours.html">tours</a> can be read as
pages.</span></p>"""
"""What is read where no script runs: from a file, in an old browser, without JavaScript."""
CONTROLS = (
    '<aside class="ctl" id="controls" aria-label="The case" tabindex="-1">'
    '<p class="muted">The case can be changed here when the program has started.</p></aside>'
)
_LINK = re.compile(r'href="(/[^"]*)"')
_CONTROLS = re.compile(r'<aside class="ctl".*?</aside>', re.DOTALL)
_OWN = re.compile(r'<section id="own".*?</section>', re.DOTALL)


def plain_pages(recommender: Recommender, scripts: Mapping[str, str]) -> dict[str, str]:
    """Return the pages by their files; `scripts` are the digests of those that the first loads."""
    page = LocalPage(recommender, navigation=(*NAVIGATION, DOCUMENTS))
    cases = [one.name for one in case_entries(recommender)]
    made = {
        "cases.html": _text(page, "/", []),
        "tours.html": _text(page, "/tours", []),
        **{f"tour-{one.name}.html": _text(page, "/tour", [("name", one.name)]) for one in tour_entries()},
    }
    whole = {name: _case(page, name) for name in cases}
    files = {f"case-{name}.html": _read_only(text, name) for name, text in whole.items()}
    known = {
        "/": "cases.html",
        "/tours": "tours.html",
        **{f"/?case={name}": f"case-{name}.html" for name in cases},
        **{f"/tour?name={one.name}": f"tour-{one.name}.html" for one in tour_entries()},
    }
    pages = {name: _plain(text, known) for name, text in {**made, **files}.items()}
    pages["index.html"] = _first(whole[cases[0]], cases[0], known, scripts)
    return pages


def _text(page: LocalPage, path: str, query: Query) -> str:
    reply = page.paths[path](query)
    if reply.location:
        path, _, more = reply.location.partition("?")
        return _text(page, path, parse_qsl(more, keep_blank_values=True))
    return reply.text


def _case(page: LocalPage, name: str) -> str:
    return _text(page, "/", [("case", name)])


def _read_only(text: str, case: str) -> str:
    """A case without its controls: the button that leads to them leads to the program."""
    text = text.replace('<a class="skip" href="#controls">To the controls</a>', "")
    there = f'class="btn" href="index.html#/?case={case}"'
    text = text.replace('class="btn small-only" href="#controls"', there)
    return _CONTROLS.sub("", text)


def _plain(text: str, known: Mapping[str, str]) -> str:
    """A page without a script: what only the program answers leads to the page that runs it."""
    text = _OWN.sub(
        '<section id="own"><h2>Or bring your own</h2>'
        '<p><a class="btn p" href="index.html#/">Start the program</a></p></section>',
        text,
    )
    text = re.sub(r'<script src="[^"]*" defer></script>\n', "", text)
    text = _LINK.sub(lambda found: f'href="{_place(found[1], known, "index.html")}"', text)
    return _framed(text, PLAIN_POLICY)


def _first(text: str, case: str, known: Mapping[str, str], scripts: Mapping[str, str]) -> str:
    """The page that starts the program, and shows a case meanwhile."""
    loads = "".join(
        f'<script src="{name}" integrity="{digest}" defer></script>\n' for name, digest in scripts.items()
    )
    text = re.sub(r'<script src="[^"]*" defer></script>\n', loads, text)

    def link(found: re.Match[str]) -> str:
        place = _place(found[1], known, "")
        live = f' data-address="{found[1]}"' if not place.startswith("#") else ""
        return f'href="{place}"{live}'

    text = _LINK.sub(link, text)
    text = _CONTROLS.sub(CONTROLS, text)
    text = text.replace("<body ", f'<body data-example="/?case={case}" ')
    text = re.sub(r"(<body [^>]*>)", lambda found: found[1] + ENGINE, text, count=1)
    return _framed(text, POLICY)


def _place(address: str, known: Mapping[str, str], program: str) -> str:
    """Where a link of the page leads: a plain page, a file of the site, or the program."""
    if address.startswith("/static/"):
        return address[1:]
    return known.get(unescape(address), f"{program}#{address}")


def _framed(text: str, policy: str) -> str:
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="referrer" content="no-referrer">'
    )
    sheet = '<link rel="stylesheet" href="static/site.css">\n</head>'
    return text.replace('<meta charset="utf-8">', head, 1).replace("</head>", sheet, 1)
