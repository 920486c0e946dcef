"""The JSON API: the same answers as the command's, guarded, and as its description says."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")

import httpx
import jsonschema
from generators import BASE, profiles
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import run

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender._data import shipped
from recommender.schemas import NAMES
from recommender.web.app import create_app
from recommender.web.safety import HEADERS, LARGEST_BODY, name_in

APP = create_app(Recommender(engine="plain"), hosts=["lab.example"])
CASE = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
CASES = sorted(shipped("profiles").glob("*.json"))
JSON = {"content-type": "application/json"}


def call(method: str, path: str, app: Any = APP, **more: Any) -> httpx.Response:
    """What the application answers; every answer is looked at for what all must have."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8765") as client:
            return await client.request(method, path, **more)

    answer = asyncio.run(ask())
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert answer.headers["content-type"] == "application/json"
    if not path.startswith(("/openapi.json", "/api/schema")) or answer.status_code != 200:
        value = answer.json()
        assert (value["label"], value["disclaimer"]) == (LABEL, DISCLAIMER)
    return answer


def post(path: str, value: Any, **more: Any) -> httpx.Response:
    return call("POST", path, content=json.dumps(value), headers=JSON, **more)


def problems(answer: httpx.Response, status: int) -> list[dict[str, str]]:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    found: list[dict[str, str]] = answer.json()["error"]["problems"]
    return found


# Laws


@settings(max_examples=40)
@given(profile=profiles(), brief=st.booleans(), any_disease=st.booleans(), top=st.none() | st.integers(1, 9))
def test_the_answer_is_that_of_the_library(
    recommender: Recommender, profile: dict[str, Any], brief: bool, any_disease: bool, top: int | None
) -> None:
    query = {"brief": brief, "any_disease": any_disease} | ({"top": top} if top else {})
    result = recommender.recommend(Profile.parse(profile), brief=brief, any_disease=any_disease)
    expected = (result.first(top) if top else result).to_json() + "\n"
    assert post("/api/recommend", profile, params=query).text == expected


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["HCC", "FASN", "high"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["profile", "markers", "mutations", "therapies", "id", "set", "top"]) | st.text(),
            inner,
        )
    ),
    max_leaves=12,
)
POSTED = ("/api/recommend", "/api/explain", "/api/whatif", "/api/next-tests")


@pytest.mark.parametrize("path", POSTED)
@given(value=VALUES)
def test_no_json_is_too_odd(path: str, value: Any) -> None:
    assert post(path, value).status_code in (200, 400, 422)


@given(data=st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    assert call("POST", "/api/recommend", content=data, headers=JSON).status_code in (400, 422)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_path_is_too_odd(text: str) -> None:
    for folder in ("", "rules/", "schema/"):
        assert call("GET", f"/api/{folder}{quote(text)}").status_code in (200, 404, 405)


# Every endpoint, beside the command of the same name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_recommend_answers_as_the_command(case: Any) -> None:
    expected = run("recommend", case, "--format", "json", "--engine", "plain").stdout
    assert call("POST", "/api/recommend", content=case.read_bytes(), headers=JSON).content == expected


COMMANDS: list[tuple[list[str], str, Any]] = [
    (["explain", "-", "orlistat", "--format", "json"], "/api/explain", {"profile": CASE, "id": "orlistat"}),
    (
        [
            "whatif",
            "-",
            "--set",
            "GSTZ1=low",
            "--unset",
            "FASN",
            "--therapy",
            "+nivolumab",
            "--format",
            "json",
        ],
        "/api/whatif",
        {"profile": CASE, "set": ["GSTZ1=low"], "unset": ["FASN"], "therapy": ["+nivolumab"]},
    ),
    (["next-tests", "-", "--top", "3", "--format", "json"], "/api/next-tests", {"profile": CASE, "top": 3}),
    (["rules", "list", "--format", "json"], "/api/rules", None),
    (["rules", "list", "--kind", "caution", "--format", "json"], "/api/rules?kind=caution", None),
    (["rules", "list", "--therapy", "TACE", "--format", "json"], "/api/rules?therapy=TACE", None),
    (
        ["rules", "show", "orlistat-against-fasn", "--format", "json"],
        "/api/rules/orlistat-against-fasn",
        None,
    ),
    (["refs", "--format", "json"], "/api/references", None),
    (["audit", "--format", "json"], "/api/audit", None),
    (["audit", "--ref", "86", "--format", "json"], "/api/audit?ref=86", None),
    *[(["schema", which], f"/api/schema/{which}", None) for which in NAMES],
]


@pytest.mark.parametrize(("command", "path", "body"), COMMANDS, ids=lambda value: str(value)[:40])
def test_an_answer_is_that_of_the_command(command: list[str], path: str, body: Any) -> None:
    answer = call("GET", path) if body is None else post(path, body)
    assert answer.status_code == 200
    assert answer.content == run(*command, stdin=json.dumps(CASE)).stdout


def test_version() -> None:
    value = call("GET", "/api/version").json()
    assert value["engine"]["name"] == "plain"
    assert value["rule_base"]["sha256"] == BASE.sha256


# What is refused


@pytest.mark.parametrize(
    ("path", "body", "status", "where", "words"),
    [
        ("/api/recommend", "", 400, "", "empty"),
        ("/api/recommend", "disease: HCC", 400, "", "not JSON"),
        ("/api/recommend", "{", 400, "line 1, column 2", "not JSON"),
        ("/api/recommend", '{"id": NaN}', 400, "", "NaN"),
        ("/api/recommend", '{"id": "a", "id": "b"}', 400, "", "twice"),
        ("/api/recommend", b"\xff\xfe", 400, "", "not JSON"),
        ("/api/recommend", '{"a":' * 150_000, 400, "", "nested"),
        ("/api/recommend", "[]", 422, "", "list"),
        ("/api/recommend", '{"disesase": "HCC"}', 422, "/disesase", "Did you mean disease?"),
        ("/api/recommend", '{"markers": {"FASN": "hihg"}}', 422, "/markers/FASN", "Did you mean high?"),
        (
            "/api/recommend?strict=1",
            '{"markers": {"FASM": "high"}}',
            422,
            "/markers/FASM",
            "Did you mean FASN?",
        ),
        ("/api/recommend?breif=1", "{}", 422, "?breif", "extra"),
        ("/api/recommend?top=0", "{}", 422, "?top", "greater"),
        ("/api/explain", "{}", 422, "/profile", "missing"),
        ("/api/explain", '{"profile": {}, "id": "orlistt"}', 422, "/id", "Did you mean orlistat"),
        ("/api/explain", '{"profile": {"disesase": 1}, "id": "x"}', 422, "/profile/disesase", "disease"),
        ("/api/whatif", '{"profile": {}, "set": ["FASN"]}', 422, "/set", "MARKER=STATE"),
        ("/api/whatif", '{"profile": {}, "unset": ["FASN"]}', 422, "/unset", "not in the profile"),
        (
            "/api/next-tests",
            '{"profile": {"markers": {"FASN": {}}}}',
            422,
            "/profile/markers/FASN",
            "z_score",
        ),
        ("/api/next-tests", '{"profile": {}, "top": "x"}', 422, "/top", ""),
    ],
)
def test_what_is_wrong_is_told(path: str, body: str | bytes, status: int, where: str, words: str) -> None:
    found = problems(call("POST", path, content=body, headers=JSON), status)
    assert any(where == one["where"] and words in f"{one['what']} {one['hint']}" for one in found), found


def test_everything_wrong_is_told_at_once() -> None:
    value = {"disesase": "HCC", "markers": {"FASN": "hihg"}, "mutations": 3}
    assert {one["where"] for one in problems(post("/api/recommend", value), 422)} == {
        "/disesase",
        "/markers/FASN",
        "/mutations",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/api/rules/orlistat-against-fasm", 404, "orlistat-against-fasn"),
        ("GET", "/api/schema/profil", 404, "Did you mean profile?"),
        ("GET", "/api/nothing", 404, "/api/nothing"),
        ("GET", "/docs", 404, "/docs"),
        ("GET", "/api/rules?kind=x", 422, "strategy"),
        ("GET", "/api/rules?therapy=sorafenb", 422, "Did you mean sorafenib"),
        ("GET", "/api/audit?ref=999", 422, "1 to 104"),
        ("GET", "/api/recommend", 405, "GET"),
        ("DELETE", "/api/rules", 405, "DELETE"),
        ("OPTIONS", "/api/recommend", 405, "OPTIONS"),
    ],
)
def test_what_is_not_there(method: str, path: str, status: int, words: str) -> None:
    (found,) = problems(call(method, path), status)
    assert words in f"{found['what']} {found['hint']}"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_of_another_page_is_refused(kind: str) -> None:
    answer = call("POST", "/api/recommend", content=b"{}", headers={"content-type": kind})
    assert problems(answer, 415)[0]["where"] == "Content-Type"


def test_json_with_a_charset_and_a_byte_order_mark() -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    body = b"\xef\xbb\xbf" + json.dumps(CASE).encode()
    assert call("POST", "/api/recommend", content=body, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "[::1]:8765", "lab.example"])
def test_names_that_are_answered_to(host: str) -> None:
    assert call("GET", "/api/version", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.x", ""]
)
def test_names_that_are_not(host: str) -> None:
    for path in ("/api/version", "/nothing", "/openapi.json"):
        found = problems(call("GET", path, headers={"host": host}), 421)
        assert "--allow-host" in found[0]["hint"]


def test_two_names_are_none() -> None:
    headers = [("host", "localhost"), ("host", "evil.example")]
    assert problems(call("GET", "/api/version", headers=headers), 400)


@pytest.mark.parametrize(
    ("host", "name"), [("a.b:1", "a.b"), ("[::1]", "[::1]"), ("::1", "[::1]"), ("a:b", "a:b")]
)
def test_the_name_in_a_host(host: str, name: str) -> None:
    assert name_in(host) == name


def test_a_failure_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Recommender):
        def recommend(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("secret")

    answer = post("/api/recommend", CASE, app=create_app(Broken(engine="plain")))
    assert problems(answer, 500)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret" in caplog.text


def test_a_client_that_has_gone(caplog: pytest.LogCaptureFixture) -> None:
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/recommend",
        "query_string": b"",
        "headers": headers,
    }
    asyncio.run(APP(scope, receive, send))
    assert not sent
    assert not caplog.text


# How much is taken


def test_a_body_that_is_too_large() -> None:
    body = b'{"note": "' + b"x" * (LARGEST_BODY - 12) + b'"}'
    assert len(body) == LARGEST_BODY
    assert call("POST", "/api/recommend", content=body, headers=JSON).status_code == 200
    assert (
        "1 MiB" in problems(call("POST", "/api/recommend", content=body + b" ", headers=JSON), 413)[0]["what"]
    )


def test_a_body_in_pieces_that_is_too_large() -> None:
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield b" " * 65_536

    assert problems(call("POST", "/api/recommend", content=pieces(), headers=JSON), 413)


HOSTILE: dict[str, dict[str, Any]] = {
    "markers": {"markers": {f"{number:x}": "low" for number in range(24_000)}},
    "z-scores": {"markers": {f"{number:x}": {"z_score": 2.5} for number in range(24_000)}},
    "too many": {"markers": {f"{number:x}": "low" for number in range(70_000)}},
    "bad states": {"markers": {f"{number:x}": "x" for number in range(24_000)}},
    "mutations": {"mutations": [f"TP53 p.R{number}C" for number in range(24_000)]},
    "therapies": {"therapies": ["a + " * 90] * 2_800},
    "fields": {f"{number:x}": 1 for number in range(80_000)},
    "long names": {"markers": {"ﷺ" * 90 + str(number): "low" for number in range(1_700)}},
    "note": {"note": "\u202e" * 160_000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_request_keeps_the_server_for_long(name: str) -> None:
    """In seconds of this process, because the machine may be busy."""
    body = json.dumps({"therapies": ["sorafenib"], **HOSTILE[name]}, separators=(",", ":"))
    assert len(body) <= LARGEST_BODY
    start = time.process_time()
    assert call("POST", "/api/recommend", content=body, headers=JSON).status_code in (200, 422)
    assert time.process_time() - start < 2


def test_no_change_keeps_the_server_for_long() -> None:
    names = [f"{'x' * 390}{number}" for number in range(50)]
    value = {"profile": CASE, "set": names, "unset": names, "therapy": [f"+{name[:390]}" for name in names]}
    start = time.process_time()
    assert len(problems(post("/api/whatif", value), 422)) > 100
    assert time.process_time() - start < 2


# The description


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def described() -> Any:
    return call("GET", "/openapi.json").json()


def test_the_description_is_whole(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert LABEL in described["info"]["description"]
    components = described["components"]["schemas"]
    assert {one.rpartition("/")[2] for one in references(described)} <= components.keys()
    assert all(one.startswith("#/components/schemas/") for one in references(described))
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in components)
    for schema in components.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) == 10
    for one in operations:
        assert {"200", "400", "421", "500"} <= one["responses"].keys()


def follows(described: Any, answer: httpx.Response, method: str, path: str) -> None:
    """Fail where an answer is not what the description says of its status."""
    responses = described["paths"][path][method.lower()]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(whole).validate(answer.json())


@pytest.mark.parametrize(("path", "body"), [(path, body) for _, path, body in COMMANDS])
def test_answers_are_as_described(described: Any, path: str, body: Any) -> None:
    answer = call("GET", path) if body is None else post(path, body)
    template = re.sub(
        r"/(rules|schema)/.*", lambda m: f"/{m[1]}/{{{'rule' if m[1] == 'rules' else 'which'}}}", path
    )
    follows(described, answer, "GET" if body is None else "POST", template.partition("?")[0])


@settings(max_examples=30)
@given(profile=profiles())
def test_results_are_as_described(described: Any, profile: dict[str, Any]) -> None:
    follows(described, post("/api/recommend", profile), "POST", "/api/recommend")


@pytest.mark.parametrize("path", POSTED)
@settings(max_examples=30)
@given(value=VALUES)
def test_refusals_are_as_described(described: Any, path: str, value: Any) -> None:
    follows(described, post(path, value), "POST", path)


def test_every_rule_is_as_described(described: Any) -> None:
    for kind in ("strategy", "mechanism", "context", "caution", "disputed"):
        rule = next(rule for rule in BASE.content.rules if rule.kind == kind)
        follows(described, call("GET", f"/api/rules/{rule.id}"), "GET", "/api/rules/{rule}")
    follows(described, call("GET", "/api/version"), "GET", "/api/version")


def test_short_forms_are_described(described: Any) -> None:
    whole = {"$ref": "#/components/schemas/Profile", "components": described["components"]}
    validator = jsonschema.Draft202012Validator(whole)
    validator.validate({"markers": {"FASN": "high"}, "mutations": ["TP53 p.R249S"]})
    assert not validator.is_valid({"markers": {"FASN": "hihg"}})
