"""The API as a client sees it, without a network; every answer is looked at for what all must have."""

import asyncio
import json
from typing import Any

import httpx
from hypothesis import strategies as st

from recommender import DISCLAIMER, LABEL, Recommender
from recommender._data import shipped
from recommender.schemas import NAMES
from recommender.web.app import create_app
from recommender.web.safety import headers_of

RECOMMENDER = Recommender(engine="plain")
APP = create_app(RECOMMENDER, hosts=["lab.example"])
CASE = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
CASES = sorted(shipped("profiles").glob("*.json"))
JSON = {"content-type": "application/json"}


def ask(method: str, path: str, app: Any = APP, **more: Any) -> httpx.Response:
    """Whatever the application answers."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8765") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


def call(method: str, path: str, app: Any = APP, **more: Any) -> httpx.Response:
    """What the API answers; every answer is looked at for what all must have."""
    answer = ask(method, path, app, **more)
    for name, value in headers_of(RECOMMENDER.base).items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert answer.headers["content-type"] == "application/json"
    own = not path.startswith(("/openapi.json", "/api/schema")) or answer.status_code != 200
    if own and method != "HEAD":
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
