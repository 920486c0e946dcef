"""The server for assistants, asked by a client over stdio, and its tools without the protocol."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.commands import CASE, HOSTILE, STEERING, environment_of, run, without
from support.packs import pack_with
from support.places import ROOT

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender.assistants import briefs
from recommender.assistants.asking import input_schema
from recommender.assistants.tools import Tools
from recommender.intake.cases import names

# It is imported where it is used: each worker collects all tests.
if find_spec("mcp") is None:
    pytest.skip("the extra `mcp` is not installed", allow_module_level=True)

# In one worker, which starts one server and asks it everything.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("assistants")]

CASES = names()
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("recommend", {"profile": CASE}),
    ("recommend", {"profile": CASE, "top": 50, "full": True}),
    ("explain", {"profile": CASE, "name": "orlistat"}),
    ("explain", {"profile": CASE}),
    ("whatif", {"profile": CASE, "set": {"GSTZ1": "low"}, "therapy": ["+lenvatinib"]}),
    ("next_tests", {"profile": CASE}),
    ("rule", {"name": "orlistat"}),
    ("rule", {"name": "nrf2-axis"}),
    ("audit", {}),
    ("audit", {"ref": 86}),
    ("import_table", {"text": "id,FASN\na,high\n", "therapy": "sorafenib"}),
]
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("recommend", {"profile": {"therapies": "x"}}, "/profile/therapies", "a list is expected"),
    ("recommend", {"profile": {**CASE, "markers": {"FASN": "odd"}}}, "/profile/markers/FASN", "'odd'"),
    ("recommend", {"profile": CASE, "strict": True, "topp": 3}, "/topp", "unknown field"),
    ("recommend", {"profile": CASE, "top": 0}, "/top", "1"),
    ("recommend", {}, "/profile", ""),
    ("recommend", {"profile": str(ROOT / "profiles" / f"{CASES[0]}.json")}, "/profile", "are not opened"),
    ("recommend", {"profile": "../pyproject.toml"}, "/profile", "are not opened"),
    ("explain", {"profile": CASE, "name": "99"}, "", "no rank 99"),
    ("whatif", {"profile": CASE, "set": {"FASN": "odd"}}, "set", "cannot be 'odd'"),
    ("rule", {"name": "orlistatt"}, "", "orlistatt"),
    ("audit", {"ref": 9999}, "ref", "no reference"),
    ("import_table", {"text": "{}", "name": "x.maf"}, "", ""),
    ("import_table", {"text": " "}, "", "it is empty"),
]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools(Recommender(engine="plain"))


def size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


async def _ask(arguments: list[str]) -> dict[str, Any]:
    """Everything that one client learns from one server in a process of its own."""
    from mcp import Client, MCPError, StdioServerParameters, stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "recommender", "mcp", *arguments], env=environment_of({})
    )
    found: dict[str, Any] = {"answers": [], "cases": {}, "refused": []}
    async with Client(stdio_client(server)) as client:
        found["instructions"] = client.instructions
        found["tools"] = (await client.list_tools()).tools
        for name, given in [*ASKED, *((name, given) for name, given, _, _ in WRONG)]:
            found["answers"].append(await client.call_tool(name, given))
        for case in CASES:
            asked = {"profile": case, "top": 50}
            found["cases"][case] = (await client.call_tool("recommend", asked)).structured_content
        found["resources"] = (await client.list_resources()).resources
        found["templates"] = (await client.list_resource_templates()).resource_templates
        for uri in (
            "rules",
            "references",
            "rules/orlistat-against-fasn",
            "references/86",
            "references/review:86",
        ):
            text = (await client.read_resource(f"recommender://{uri}")).contents[0].text  # type: ignore[union-attr]
            found[uri] = json.loads(text)
        for uri in ("recommender://rules/nope", "recommender://x", "file:///etc/passwd"):
            with pytest.raises(MCPError) as caught:
                await client.read_resource(uri)
            found["refused"].append(caught.value.message)
        with pytest.raises(MCPError, match="Did you mean recommend"):
            await client.call_tool("recomend", {})
    return found


def ask(*arguments: str) -> dict[str, Any]:
    import asyncio

    return asyncio.run(_ask(list(arguments)))


@pytest.fixture(scope="module")
def session() -> dict[str, Any]:
    return ask()


def test_a_client_gets_the_ranks_of_the_command(session: dict[str, Any]) -> None:
    done = run("recommend", "--format", "ndjson", *CASES)
    assert done.returncode == 0
    keys = ("rank", "id", "score", "group", "partner")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(CASES) > 10
    for case, line in zip(CASES, lines, strict=True):
        expected = [{key: one[key] for key in keys} for one in line["recommendations"]]
        found = session["cases"][case]
        assert [{key: one[key] for key in keys} for one in found["recommendations"]] == expected
        assert "not_shown" not in found
        assert found["rule_base"]["sha256"] == line["rule_base"]["sha256"]
        assert [one["code"] for one in found.get("notices", ())] == [one["code"] for one in line["notices"]]


def test_tools_describe_themselves_by_the_models(session: dict[str, Any], tools: Tools) -> None:
    listed = {one.name: one for one in session["tools"]}
    assert list(listed) == [
        "recommend", "explain", "whatif", "next_tests", "rule", "audit", "import_table",
    ]  # fmt: skip
    for about in tools.listed():
        tool = listed[about.name]
        assert tool.input_schema == input_schema(about.arguments)
        Draft202012Validator.check_schema(tool.input_schema)
        assert LABEL in (tool.description or "")
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        assert size(tool.input_schema) < 6_000
    for name, given in ASKED:
        Draft202012Validator(listed[name].input_schema).validate(given)
    assert LABEL in session["instructions"]
    assert DISCLAIMER in session["instructions"]


def test_every_answer_has_the_label_limits_and_rules(session: dict[str, Any]) -> None:
    assert len(session["answers"]) == len(ASKED) + len(WRONG)
    for answer in session["answers"]:
        assert not answer.is_error
        value = answer.structured_content
        assert json.loads(answer.content[0].text) == value
        assert (value["label"], value["disclaimer"], value["limits"]) == (LABEL, DISCLAIMER, briefs.LIMITS)
        assert value["rule_base"]["sha256"]


def test_what_is_asked_is_answered_in_short(session: dict[str, Any]) -> None:
    for (name, given), answer in zip(ASKED, session["answers"], strict=False):
        value = answer.structured_content
        assert value["answered"], (name, given)
        assert size(value) < (30_000 if given.get("full") else 8_000), (name, given)
        text = json.dumps(value)
        if name != "import_table":
            assert "references" in text
        for one in value.get("recommendations", ()):
            assert one["limits"]
            assert one["references"]
            assert one["evidence"].startswith("preclinical, ")
            assert set(one) >= {"rank", "rules", "score"}
    first = session["answers"][0].structured_content
    assert max(one["rank"] for one in first["recommendations"]) <= 3
    assert any(one.get("cautions") for one in session["answers"][1].structured_content["recommendations"])
    whatif = session["answers"][4].structured_content
    assert whatif["effect"]["enters"]
    assert whatif["after"]["recommendations"]


def test_a_bad_question_comes_back_as_problems(session: dict[str, Any]) -> None:
    seen = 0
    for (name, given, where, what), answer in zip(WRONG, session["answers"][len(ASKED) :], strict=True):
        seen += 1
        value = answer.structured_content
        assert not value["answered"], (name, given)
        [*_, first] = reversed(value["problems"])
        assert first.get("where", "").startswith(where), (given, value["problems"])
        assert what in first["what"], (given, value["problems"])
        assert "error executing" not in answer.content[0].text.casefold()
    assert seen > 3


def test_rules_and_references_are_resources(session: dict[str, Any], recommender: Recommender) -> None:
    assert {one.uri for one in session["resources"]} == {"recommender://rules", "recommender://references"}
    assert {one.uri_template for one in session["templates"]} == {
        "recommender://rules/{id}",
        "recommender://references/{id}",
    }
    assert len(session["rules"]["rules"]) == len(recommender.base.rules)
    assert len(session["references"]["references"]) == len(recommender.base.references)
    assert session["references/86"] == session["references/review:86"]
    assert session["rules/orlistat-against-fasn"]["rules"][0]["id"] == "orlistat-against-fasn"
    assert all(session[name]["label"] == LABEL for name in ("rules", "references", "references/86"))
    assert len(session["refused"]) == 3


def test_rules_of_a_pack_and_own_weights_are_named(tmp_path: Path) -> None:
    text = "therapies:\n  - {id: made-up, name: made up, kind: drug, parents: [tki]}\n"
    base = Recommender(rules=[pack_with(tmp_path / "our-pack", text, "t.yaml")], engine="plain")
    found = [Tools(base).call(name, given)["rule_base"] for name, given in ASKED[:4]]
    assert [[pack["name"] for pack in one["packs"]] for one in found] == [["our-pack"]] * 4


def test_no_name_steers_a_terminal(tools: Tools) -> None:
    profile = {**CASE, "id": HOSTILE, "markers": {HOSTILE: "high", "FASN": "high"}}
    for name in ("recommend", "explain", "whatif", "next_tests"):
        assert not STEERING.search(json.dumps(tools.call(name, {"profile": profile}), ensure_ascii=False))
    wrong = tools.call("recommend", {"profile": {**CASE, "markers": {"FASN": HOSTILE}}, "top": 3})
    assert not wrong["answered"]
    assert not STEERING.search(json.dumps(wrong, ensure_ascii=False))


def test_an_imported_profile_can_be_ranked(tools: Tools) -> None:
    lines = ["id\tFASN\tGSTZ1 z", *(f"t{at}\thigh\t-2.5" for at in range(30)), "odd\tstrange\t0"]
    found = tools.call("import_table", {"text": "\n".join(lines), "name": "t.tsv", "therapy": "sorafenib"})
    assert len(found["profiles"]) == 20
    assert found["not_shown"].startswith("10 more profiles")
    assert "strange" in found["problems"][0]["what"]
    assert sum(found["rows_left_out"].values()) == 1
    ranked = tools.call("recommend", {"profile": found["profiles"][0]})
    assert ranked["profile"] == "t0"
    assert Profile.parse(found["profiles"][0]).therapies == ("sorafenib",)


def test_the_server_is_made_of_the_tools(tools: Tools) -> None:
    from recommender.assistants.server import make_server

    server = make_server(Recommender(engine="plain"))
    for method in ("tools/list", "tools/call", "resources/list", "resources/read"):
        assert server.get_request_handler(method)
    assert not server.get_request_handler("completion/complete")


def test_without_the_extra_the_command_names_it() -> None:
    done = without(["mcp"], ["mcp"])
    assert done.returncode == 2
    assert "the extra `mcp`" in done.stderr.decode()
