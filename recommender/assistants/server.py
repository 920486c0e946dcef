"""The server over stdio: the only place that knows the SDK of the Model Context Protocol."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import mcp_types as types
from mcp import MCPError
from mcp.server import Server
from mcp.server.stdio import stdio_server

from .._errors import InputError
from .._label import DISCLAIMER, LABEL
from .._text import did_you_mean, safe_json, shortened
from .._version import VERSION
from ..recommender import Recommender
from .asking import input_schema
from .briefs import LIMITS
from .tools import Tools

NAME = "ferroptosis-recommender"
_ADDRESS = "recommender://"
_KINDS = {
    "rules": "The rules: conditions, mechanism, evidence, limits, audit.",
    "references": "The papers that the review cites, and other sources.",
}
_JSON = "application/json"


def serve_assistants(recommender: Recommender) -> None:
    """Answer one client over the streams of this process until it closes them."""
    asyncio.run(_serve(make_server(recommender)))


async def _serve(server: "Server[Any]") -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def make_server(recommender: Recommender) -> "Server[Any]":
    """Return a server of tools and resources for one rule base. No tool writes or uses the network."""
    tools = Tools(recommender)
    listed = [
        types.Tool(
            name=one.name,
            title=one.title,
            description=one.description,
            input_schema=input_schema(one.arguments),
            annotations=types.ToolAnnotations(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
            ),
        )
        for one in tools.listed()
    ]

    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            found = tools.call(asked.name, asked.arguments or {})
        except KeyError:
            near = did_you_mean(asked.name, [one.name for one in listed])
            raise _refused(f"No tool has the name '{shortened(asked.name)}'. {near}") from None
        text = types.TextContent(type="text", text=_text(found))
        return types.CallToolResult(content=[text], structured_content=found)

    async def list_resources(_: Any, __: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=f"{_ADDRESS}{kind}", name=kind, description=about, mime_type=_JSON)
                for kind, about in _KINDS.items()
            ]
        )

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    uri_template=f"{_ADDRESS}{kind}/{{id}}",
                    name=kind.removesuffix("s"),
                    description=f"One of these by its id. {about}",
                    mime_type=_JSON,
                )
                for kind, about in _KINDS.items()
            ]
        )

    async def read_resource(_: Any, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        kind, _, name = asked.uri.removeprefix(_ADDRESS).partition("/")
        if not asked.uri.startswith(_ADDRESS) or kind not in _KINDS:
            raise _refused(f"No resource has the address '{shortened(asked.uri)}'.")
        try:
            found = tools.resource(kind, unquote(name))
        except InputError as error:
            raise _refused(" ".join(map(str, error.problems))) from None
        text = types.TextResourceContents(uri=asked.uri, mime_type=_JSON, text=_text(found))
        return types.ReadResourceResult(contents=[text])

    return Server(
        NAME,
        version=VERSION,
        title="Ferroptosis recommender",
        description=f"Ferroptosis-inducing add-ons for hepatocellular carcinoma: {LABEL}.",
        instructions=f"{LABEL}. {DISCLAIMER} {LIMITS}",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _text(value: Mapping[str, Any]) -> str:
    return safe_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _refused(message: str) -> MCPError:
    return MCPError(types.INVALID_PARAMS, message.strip())
