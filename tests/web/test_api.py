"""The JSON API: the same answers as the command's, and guarded."""

import asyncio
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.amounts import at_most
from support.commands import run
from support.generators import BASE, profiles
from support.places import EXAMPLE_PACK
from support.requests import (
    APP,
    CASE,
    CASES,
    COMMANDS,
    JSON,
    POSTED,
    RECOMMENDER,
    VALUES,
    ask,
    call,
    post,
    problems,
)

from recommender import Profile, Recommender
from recommender.web import safety
from recommender.web.app import create_app
from recommender.web.safety import MAX_BODY, name_in


@at_most(40)
@given(profile=profiles(), brief=st.booleans(), any_disease=st.booleans(), top=st.none() | st.integers(1, 9))
def test_the_answer_is_that_of_the_library(
    recommender: Recommender, profile: dict[str, Any], brief: bool, any_disease: bool, top: int | None
) -> None:
    query = {"brief": brief, "any_disease": any_disease} | ({"top": top} if top else {})
    result = recommender.recommend(Profile.parse(profile), brief=brief, any_disease=any_disease)
    expected = (result.first(top) if top else result).to_json() + "\n"
    assert post("/api/recommend", profile, params=query).text == expected


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_recommend_answers_as_the_command(case: Any) -> None:
    expected = run("recommend", case, "--format", "json", "--engine", "plain").stdout
    assert call("POST", "/api/recommend", content=case.read_bytes(), headers=JSON).content == expected


@pytest.mark.parametrize(("command", "path", "body"), COMMANDS, ids=lambda value: str(value)[:40])
def test_an_answer_is_that_of_the_command(command: list[str], path: str, body: Any) -> None:
    answer = call("GET", path) if body is None else post(path, body)
    assert answer.status_code == 200
    assert answer.content == run(*command, stdin=json.dumps(CASE)).stdout


def test_version() -> None:
    value = call("GET", "/api/version").json()
    assert value["engine"]["name"] == "plain"
    assert value["rule_base"]["sha256"] == BASE.sha256


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
            '{"markers": {"FANS": "high"}}',
            422,
            "/markers/FANS",
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
        assert "option allow-host" in found[0]["hint"]


def test_two_names_are_none() -> None:
    headers = [("host", "localhost"), ("host", "evil.example")]
    assert problems(call("GET", "/api/version", headers=headers), 400)


@pytest.mark.parametrize(
    ("host", "name"), [("a.b:1", "a.b"), ("[::1]", "[::1]"), ("::1", "[::1]"), ("a:b", "a:b")]
)
def test_the_name_in_a_host(host: str, name: str) -> None:
    assert name_in(host) == name


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api/recommend", "/api/version", "/answer", "/profile.json", "/nothing"])
def test_a_page_of_another_site_is_refused(method: str, path: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    answer = call(method, path, headers={**JSON, **headers})
    assert answer.status_code == 403
    if method != "HEAD":
        assert problems(answer, 403)[0]["where"] == "Sec-Fetch-Site"


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("cross-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "image", 403),
        ("cross-site", "cors", "empty", 403),
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
    ],
)
def test_a_link_of_another_site_may_lead_to_the_page(site: str, mode: str, dest: str, status: int) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    assert ask("GET", "/", headers=headers).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        *sorted(path for _, path, body in COMMANDS if body is None),
        "/api/version",
        "/openapi.json",
        "/",
        "/?case=nrf2-active-sorafenib",
        "/answer?disease=HCC&therapy=sorafenib",
        "/report.html?disease=HCC&therapy=sorafenib",
        "/profile.json?disease=HCC",
        "/static/local.css",
        "/nothing",
        "/api/rules?kind=x",
    ],
)
def test_head_answers_as_get_without_the_body(path: str) -> None:
    got, headed = ask("GET", path), ask("HEAD", path)
    assert headed.status_code == got.status_code
    assert headed.headers == got.headers
    assert not headed.content


def test_methods_that_are_allowed_are_told() -> None:
    assert call("DELETE", "/api/rules").headers["allow"] == "GET, HEAD"
    assert call("GET", "/api/recommend").headers["allow"] == "POST"


def test_the_rules_that_answered_are_in_a_header(tmp_path: Path) -> None:
    base = Recommender(engine="plain").base
    assert call("GET", "/nothing").headers["x-rule-base"] == f"{base.info.version} sha256:{base.sha256}"
    pack = shutil.copytree(EXAMPLE_PACK, tmp_path / "\u00fc, b")
    packed = Recommender(engine="plain", rules=[pack])
    shown = ask("GET", "/api/version", app=create_app(packed)).headers["x-rule-base"]
    assert shown.startswith(f"{base.info.version} sha256:{base.sha256}, %C3%BC%2C%20b")
    assert shown.endswith(f" sha256:{packed.base.packs[0].sha256}")


def test_a_failure_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Recommender):
        def answer(self, *_: Any, **__: Any) -> Any:
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


def test_a_body_that_is_too_large() -> None:
    body = b'{"note": "' + b"x" * (MAX_BODY - 12) + b'"}'
    assert len(body) == MAX_BODY
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


def test_the_bodies_of_all_requests_have_a_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-sent ones too; what has been answered counts no more."""
    monkeypatch.setattr(safety, "MAX_BODIES", 1000)
    app = create_app(RECOMMENDER)
    body = json.dumps(CASE).encode()

    async def both() -> tuple[httpx.Response, httpx.Response]:
        waiting = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield body + b" " * 900
            waiting.set()
            await go_on.wait()

        go_on = asyncio.Event()
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            first = asyncio.create_task(client.post("/api/recommend", content=pieces(), headers=JSON))
            await waiting.wait()
            second = await client.post("/api/recommend", content=body, headers=JSON)
            go_on.set()
            return await first, second

    first, second = asyncio.run(both())
    assert first.status_code == 200
    assert problems(second, 503)
    assert second.headers["retry-after"] == "10"
    for _ in range(20):
        assert post("/api/recommend", CASE, app=app).status_code == 200


MAX_SECONDS = 4.0 if sys.gettrace() is None else 8.0
"""A tracer, such as that of coverage, slows every line."""

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
    assert len(body) <= MAX_BODY
    start = time.process_time()
    assert call("POST", "/api/recommend", content=body, headers=JSON).status_code in (200, 422)
    assert time.process_time() - start < MAX_SECONDS


def test_no_change_keeps_the_server_for_long() -> None:
    names = [f"{'x' * 390}{number}" for number in range(50)]
    value = {"profile": CASE, "set": names, "unset": names, "therapy": [f"+{name[:390]}" for name in names]}
    start = time.process_time()
    assert len(problems(post("/api/whatif", value), 422)) > 100
    assert time.process_time() - start < 2
