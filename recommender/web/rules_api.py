"""The JSON API about the rule base, its references and its audit, and about the program."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from .._errors import Problem
from .._text import did_you_mean, shortened
from .._version import VERSION
from ..curation.records import audit_rows, no_such_rule, reference_rows, rule_rows, rule_value
from ..recommender import Recommender
from ..schemas import NAMES, schema
from ..views import records
from ..views.plain import as_json, labelled
from .errors import RefusedError, inside, json_answer
from .models import AuditQuery, RulesQuery
from .openapi import documented


def knowledge(recommender: Recommender) -> APIRouter:
    """Return the routes that show what is known."""
    router = APIRouter(prefix="/api")
    base, packs = recommender.base, recommender.rule_base.packs_field

    @router.get("/rules", **documented("Rules", 422))
    async def rules(asked: Annotated[RulesQuery, Query()]) -> Response:
        """List the rules."""
        with inside("?"):
            rows = rule_rows(base, kind=asked.kind, therapy=asked.therapy)
        return json_answer(labelled(title=records.RULES, rows=rows, **packs))

    @router.get("/rules/{rule}", **documented("RuleAnswer", 404, 422))
    async def rule(rule: str) -> Response:
        """Show a rule: conditions, mechanism, evidence, audit, examples."""
        if rule not in base.rules:
            raise RefusedError(404, "InputError", no_such_rule(shortened(rule), base).problems)
        return json_answer(as_json({**rule_value(base.rules[rule], base), **packs}))

    @router.get("/references", **documented("References"))
    async def references() -> Response:
        """List the references of the review, with its own numbers."""
        rows = reference_rows(base, sorted(base.references))
        return json_answer(labelled(title=records.REFERENCES, rows=rows, **packs))

    @router.get("/audit", **documented("Audit", 422))
    async def audit(asked: Annotated[AuditQuery, Query()]) -> Response:
        """Show where the review and the papers that it cites disagree, and what is encoded."""
        with inside("?"):
            rows = audit_rows(base, asked.ref)
        return json_answer(labelled(title=records.audit_title(asked.ref), rows=rows, **packs))

    @router.get("/schema/{which}", **documented("JSONSchema", 404, 422))
    async def schema_of(which: str) -> Response:
        """Return a JSON Schema (2020-12)."""
        if which not in NAMES:
            hint = did_you_mean(which, NAMES) or f"There are: {', '.join(NAMES)}."
            problem = Problem("", f"there is no schema '{shortened(which)}'.", hint)
            raise RefusedError(404, "InputError", [problem])
        return json_answer(as_json(schema(which)))

    @router.get("/version", **documented("Version"))
    async def version() -> Response:
        """Return the versions of the program, its engine and its rule base."""
        engine = {"name": recommender.engine.name, "version": recommender.engine.version}
        known = {"version": base.info.version, "sha256": base.sha256, "rules": len(base.rules)}
        return json_answer(labelled(version=VERSION, engine=engine, rule_base=known))

    return router
