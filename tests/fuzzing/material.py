"""What inputs are made of: hostile constants, names of the vocabulary, random values, damaged seeds."""

import gzip
import json
import string
from collections.abc import Sequence
from random import Random
from typing import Any

from support.generators import ASKED, MARKERS, THERAPIES
from support.places import ROOT

DOCS = ROOT / "docs"
STATES = (
    *("high", "normal", "low", "positive", "negative", "present", "absent"),
    *("mutated", "wild-type", "amplified", "deleted"),
)

TEXTS = (
    "",
    " ",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b2J",
    "\u202eabc\u202c",
    "\u200f\u200e\u2066x\u2069",
    "\u2028\u2029\x85",
    "\ufeff",
    "\ud800",
    "\udfff\ud83d",
    "\U0001f9ec",
    "\U000e0041",
    "e\u0301\u0301\u0301",
    "ﷺ" * 30,
    "İ",
    "=1+1",
    '=HYPERLINK("http://x.example","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "|calc",
    "%0A",
    "\t=1",
    "\u00a0=1",
    "＝1+1",
    "'=1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></style></svg>]]>-->",
    "&lt;b&gt;&amp;&#0;",
    "{{7*7}}{% raw %}${7*7}",
    "[x](javascript:alert(1))",
    "![x](http://x.example/y)",
    "[bold red]x[/bold red]",
    "[/]",
    "`rm`|a|b|\\",
    "../../../../etc/passwd",
    "/etc/passwd",
    "/dev/zero",
    "C:\\x",
    "file:///etc/passwd",
    "%s%n{0}{x.__class__}",
    "NA",
    "null",
    "nan",
    "inf",
    "-Infinity",
    "1e400",
    "1e-400",
    "9" * 400,
    "9" * 5000,
    "-0",
    "0x1F",
    "٣",
    "²",
    "−2.1",
    "1_000",
    "p.",
    "p.?",
    "p.R249S",
    "p." + "(" * 300,
    "TP53 p.R249S",
    "TP53 wild-type",
    "TP53:p.R249S",
    "PD1",
    "P62",
    "FSP1",
    "1-Mar",
    "2-Sep",
    "TCGA-DD-AACQ-01",
    "TCGA-DD-AACQ-11",
    "HCC",
    "hepatocellular carcinoma",
    "HBsAg positive, HCV negative",
    "anti-HBc + / HBsAg -",
    "no sorafenib",
    "sorafenib and lenvatinib with TACE + TACE",
    "a" * 300,
    "a" * 100_000,
    " " * 50_000,
    "+" * 20_000,
    "- " * 20_000,
    "._-" * 10_000 + "z",
    "(" * 30_000,
    "[" * 30_000,
    "with " * 10_000,
    "\u0130" * 5_000,
)
"""Texts that broke some program at some time."""

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    -(2**64),
    10**400,
    0.1,
    -0.0,
    1e308,
    5e-324,
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"state": "high"},
    {"state": "high", "z_score": -3},
    {"z_score": 2.5},
    {"z_score": 1e308},
    {"gene": "TP53", "state": "wild-type"},
    {"gene": "TP53", "change": "p.R249S"},
)

PIECES = (
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\r",
    b"\n",
    b"\t",
    b"\\u0000",
    b"\\ud800",
    b"\x1b[2J",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"#",
    b"---\n",
    b"...\n",
    b"&a ",
    b"*a ",
    b"<<: ",
    b"!!python/object/apply:os.system [x] ",
    b"!<x> ",
    b"? ",
    b"| ",
    b">-\n",
    b"%YAML 9.9\n",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"[" * 2000,
    b'{"a":' * 2000,
    b"- " * 500,
    b"a: [" * 60,
)

WHOLE = (
    b"",
    b"\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe\0\0",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"note":' + b"[" * 950 + b"]" * 950 + b"}",
    b'{"markers":' * 400 + b"1" + b"}" * 400,
    b"- " * 100_000,
    b"a: " * 5_000,
    b"? " * 5_000,
    b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
    b"&a [*a]",
    b"&a {<<: *a}",
    b"!!python/object/apply:os.system ['true']",
    b'{"markers":{"A":1e999999}}',
    b'{"id":"a","id":"b"}',
    gzip.compress(b'{"therapies":["sorafenib"]}', mtime=0),
    gzip.compress(b"0" * 1_000_000, mtime=0),
    b"PK\x03\x04rest",
    b"PAR1PAR1",
    b"version https://git-lfs.github.com/spec/v1\n",
    b"\x1f\x8b",
    b'a,b\n"open',
    b"=" * 1000 + b"\n",
    b",".join([b"c%d" % n for n in range(5_000)]) + b"\n1",
)
"""Files that are hostile as a whole."""


def seeds(*patterns: str, most: int = 100_000) -> list[bytes]:
    """Return the contents of valid files by pattern, those with no more than so many bytes."""
    files = [file for pattern in patterns for file in sorted(ROOT.glob(pattern)) if file.is_file()]
    return [data for file in files if len(data := file.read_bytes()) <= most]


def text(source: Random) -> str:
    """Return a text: hostile, of the vocabulary, or random."""
    match source.randrange(10):
        case 0 | 1 | 2:
            chosen = source.choice(TEXTS)
            # The long ones are tried now and then: they would take most of the time.
            return chosen if len(chosen) < 1_000 or not source.randrange(20) else chosen[:100]
        case 3:
            return "".join(
                chr(source.choice((source.randrange(128), source.randrange(0x2100), 0x202E)))
                for _ in range(source.randrange(12))
            )
        case 4:
            return source.choice(TEXTS)[:60] + source.choice(MARKERS)
        case 5 | 6:
            return source.choice(MARKERS)
        case 7:
            return source.choice(THERAPIES)
        case 8:
            return source.choice(STATES)
        case _:
            return "".join(source.choices(string.printable, k=source.randrange(1, 20)))


def value(source: Random, depth: int = 3) -> Any:
    """Return a plain value of any kind."""
    match source.randrange(8):
        case 0 | 1 | 2:
            return text(source)
        case 3 | 4:
            return source.choice(VALUES)
        case 5 if depth:
            return [value(source, depth - 1) for _ in range(source.randrange(4))]
        case 6 if depth:
            return {text(source): value(source, depth - 1) for _ in range(source.randrange(4))}
        case _:
            return source.choice((source.randint(-5, 200), source.uniform(-9, 9)))


def profile(source: Random, *, hostile: float = 0.15) -> dict[str, Any]:
    """Return a profile in which a share of the values is hostile."""

    def perhaps(good: Any) -> Any:
        return value(source, 1) if source.random() < hostile else good

    made: dict[str, Any] = {
        "disease": perhaps("HCC"),
        "therapies": perhaps([perhaps(source.choice(THERAPIES)) for _ in range(source.randrange(3))]),
        "markers": {},
        "mutations": [],
    }
    for name, state in source.sample(ASKED, source.randrange(5)):
        if state in ("mutated", "wild-type", "amplified", "deleted"):
            made["mutations"].append(perhaps({"gene": perhaps(name), "state": perhaps(state)}))
        else:
            key = text(source) if source.random() < hostile else name
            made["markers"][key] = perhaps(state)
    for name in ("id", "note", "resistant_to", "schema_version"):
        if source.random() < hostile:
            made[name] = text(source) if source.random() < 0.6 else value(source)
    if source.random() < hostile:
        made[text(source)] = value(source)
    if source.random() < 0.02:
        made["markers"].update((f"M{n}", "high") for n in range(source.randrange(400)))
    return made


def as_json(source: Random, made: Any) -> bytes:
    """Return a value as JSON in some of the ways in which JSON is written."""
    shown = json.dumps(made, ensure_ascii=source.random() < 0.5, indent=source.choice((None, None, 1)))
    return shown.encode("utf-8", "surrogatepass")


def as_yaml(source: Random, made: dict[str, Any]) -> bytes:
    """Return an object as YAML whose inner values are in flow style."""
    lines = [f"{_key(source, name)}: {json.dumps(inner, ensure_ascii=False)}" for name, inner in made.items()]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _key(source: Random, name: str) -> str:
    return name if name.isidentifier() else json.dumps(name, ensure_ascii=source.random() < 0.5)


def damaged(source: Random, seed: bytes, others: Sequence[bytes]) -> bytes:
    """Return a seed after a few random changes of its bytes."""
    data = bytearray(seed)
    for _ in range(source.choice((0, 1, 1, 2, 3, 6))):
        at = source.randrange(len(data) + 1)
        upto = min(len(data), at + source.choice((1, 1, 4, 40)))
        match source.randrange(8):
            case 0 if at < len(data):
                data[at] = source.randrange(256)
            case 1:
                del data[at:upto]
            case 2:
                data[at:at] = data[at:upto] * source.choice((1, 2, 50))
            case 3 | 4:
                data[at:upto] = source.choice(PIECES)
            case 5:
                data[at:upto] = text(source).encode("utf-8", "surrogatepass")
            case 6 if others:
                other = source.choice(others)
                begin = source.randrange(len(other) + 1)
                data[at:upto] = other[begin : begin + source.randrange(400)]
            case 7 if not source.randrange(8):
                del data[at:]
    return bytes(data)


def table(source: Random, header: Sequence[str], delimiter: str) -> bytes:
    """Return a table with some of the columns of a header, and cells that fit now and then."""
    names = [name if source.random() < 0.9 else text(source) for name in header if source.random() < 0.9]
    count = source.randrange(6)
    rows = [names, *([_cell(source, name, number) for name in names] for number in range(count))]
    quote = source.random() < 0.5

    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quote and delimiter in cell else cell

    shown = "\n".join(delimiter.join(map(written, row)) for row in rows) + "\n"
    return shown.encode("utf-8", source.choice(("replace", "replace", "surrogatepass")))


def _cell(source: Random, name: str, number: int) -> str:
    low = name.lower()
    match source.randrange(6):
        case 0:
            return text(source)
        case 1:
            return ""
        case _ if "id" in low or "barcode" in low:
            return f"P-{number if source.random() < 0.9 else 1}"
        case _ if "symbol" in low:
            return source.choice(MARKERS)
        case _ if "therap" in low or "agent" in low:
            return source.choice(THERAPIES)
        case _ if "disease" in low or "cancer" in low:
            return "HCC"
        case _ if " z" in low or "date" in low:
            return f"{source.uniform(-4, 4):.1f}"
        case _ if "class" in low:
            return source.choice(("Missense_Mutation", "Silent", "Nonsense_Mutation", "Splice_Site", "x"))
        case _ if "hgvs" in low:
            return source.choice(("p.R249S", "p.S33C", "p.=", "."))
        case _:
            return source.choice(STATES)
