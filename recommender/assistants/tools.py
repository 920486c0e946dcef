"""The tools for assistants: arguments in, plain values out. Nothing here knows the protocol."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from .._errors import InputError, Problem, RecommenderError
from .._label import DISCLAIMER, LABEL
from .._text import did_you_mean, printable, shortened
from .._validation import problems_of
from ..curation.records import audit_rows, reference_rows, rule_rows, rule_value
from ..intake import cases
from ..intake.validation import profile_in_value
from ..knowledge.naming import rules_named
from ..page.reading import read_brought
from ..profile import Profile, pointer
from ..recommender import Recommender
from ..reports.explained import explained, ids_of, name_of
from ..views.records import AUDIT, RULES
from ..whatif import Changes, changed, effect
from . import asking, briefs
from .asking import first

MAX_PROFILES = 20
"""Profiles of an imported table that are handed back."""
_RULES = 3
"""Rules that are shown in full for one name; of the others there is the id."""


class ToolAbout(NamedTuple):
    """A tool as assistants see it."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]


class Tools:
    """The tools of one rule base."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._base = recommender.base
        self._tools: dict[str, tuple[str, type[BaseModel], Callable[[Any], dict[str, Any]]]] = {
            "recommend": ("Rank add-ons", asking.RecommendArguments, self._recommend),
            "explain": ("Explain an add-on", asking.ExplainArguments, self._explain),
            "whatif": ("Change a finding", asking.WhatifArguments, self._whatif),
            "next_tests": ("What to measure next", asking.NextTestsArguments, self._next_tests),
            "rule": ("Show rules", asking.RuleArguments, self._rule),
            "audit": (AUDIT, asking.AuditArguments, self._audit),
            "import_table": ("Read a table", asking.ImportTableArguments, self._import_table),
        }

    def listed(self) -> list[ToolAbout]:
        """Return the tools in their order."""
        return [
            ToolAbout(name, title, f"{(arguments.__doc__ or '').strip()} {LABEL}: {DISCLAIMER}", arguments)
            for name, (title, arguments, _) in self._tools.items()
        ]

    def call(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of a tool, or what is wrong with its arguments. Raises KeyError for its name."""
        _, model, function = self._tools[name]
        try:
            arguments = model.model_validate(dict(given))
        except ValidationError as error:
            found = [
                Problem(pointer(one.path) or "/", one.what, one.hint)
                for one in problems_of(error, model, dict(given))
            ]
            return self._labelled(**_problems(InputError(found)))
        try:
            return self._labelled(answered=True, **function(arguments))
        except RecommenderError as error:
            return self._labelled(**_problems(error, "/profile" if "profile" in model.model_fields else ""))

    def resource(self, kind: str, name: str = "") -> dict[str, Any]:
        """Return rules or references, or one of them by its id. Raises InputError."""
        if kind == "rules":
            if name:
                return self._labelled(rules=[rule_value(one, self._base) for one in self._named(name)])
            rows = [{key: one[key] for key in ("id", "kind", "title")} for one in rule_rows(self._base)]
            return self._labelled(title=RULES, rules=rows)
        known = {str(number): number for number in self._base.references}
        known |= {one.id: number for number, one in self._base.references.items()}
        if name and name not in known:
            what = f"no reference has the id '{shortened(name)}'."
            raise InputError([Problem("", what, did_you_mean(name, known))])
        numbers = [known[name]] if name else sorted(self._base.references)
        return self._labelled(title="References", references=reference_rows(self._base, numbers))

    def _recommend(self, asked: asking.RecommendArguments) -> dict[str, Any]:
        result = self._recommender.recommend(
            self._profile(asked), strict=asked.strict, any_disease=asked.any_disease
        )
        return briefs.brief_answer(result, asked.top, full=asked.full)

    def _explain(self, asked: asking.ExplainArguments) -> dict[str, Any]:
        profile = self._profile(asked)
        result = self._recommender.recommend(profile, any_disease=asked.any_disease)
        names = ids_of(asked.name, result)
        nodes = [node for name in names for node in self._recommender.explain(profile, name)]
        shown, more = first(explained(nodes, result, self._base), briefs.MAX_TREES)
        ranked = [one for one in result.recommendations if {rule.id for rule in one.rules} & _rules(nodes)]
        return briefs.without_empty(
            {
                "name": " and ".join(name_of(one, result, self._base) for one in names),
                "explanations": [briefs.brief_proof(one) for one in shown],
                "not_shown": f"{more} more rules" if more else "",
                "recommendations": [briefs.brief_add_on(one, full=False) for one in ranked],
                "notices": briefs.brief_notices(result.notices),
            }
        )

    def _whatif(self, asked: asking.WhatifArguments) -> dict[str, Any]:
        changes = Changes.given(asked.set, asked.unset, asked.therapy)
        profile = self._profile(asked)
        other = changed(profile, changes, self._base)
        before, after = (
            self._recommender.recommend(one, any_disease=asked.any_disease) for one in (profile, other)
        )
        found = effect(before, after).to_dict()
        return {
            "changes": changes.in_words(),
            "effect": briefs.without_empty(found),
            "before": [f"{one.rank} {one.id}" for one in before.first(3).recommendations],
            "after": briefs.brief_answer(after, 3, full=False),
        }

    def _next_tests(self, asked: asking.NextTestsArguments) -> dict[str, Any]:
        profile = self._profile(asked)
        found = self._recommender.next_tests(profile, any_disease=asked.any_disease)
        shown, more = first(found, asked.top)
        rules = {name: self._base.rules[name] for one in shown for name in one.would_decide}
        references = sorted({number for rule in rules.values() for number in rule.references})
        return {
            "next_tests": [
                briefs.without_empty(
                    {
                        "marker": one.marker,
                        "states_that_decide": list(one.needs),
                        "assay": one.assay,
                        "gain": one.gain,
                        "places_of_first_three_it_could_change": one.top_shift,
                        "would_decide": list(one.would_decide),
                        "would_fire": list(one.would_fire),
                        "would_rule_out": list(one.would_rule_out),
                    }
                )
                for one in shown
            ],
            "not_shown": f"{more} more markers; ask with a higher `top`" if more else "",
            "references": self._references(references),
            "notices": briefs.brief_notices(
                self._recommender.notices(profile, any_disease=asked.any_disease)
            ),
        }

    def _rule(self, asked: asking.RuleArguments) -> dict[str, Any]:
        shown, others = (found := self._named(asked.name))[:_RULES], found[_RULES:]
        left_out = ("label", "disclaimer", "examples", "claims", "since", "origin", "findings")
        values = [
            briefs.without_empty(
                {
                    **{key: one for key, one in rule_value(rule, self._base).items() if key not in left_out},
                    "audit_findings": [self._finding(name) for name in rule.audit],
                }
            )
            for rule in shown
        ]
        return briefs.without_empty({"rules": values, "other_rules": [rule.id for rule in others]})

    def _audit(self, asked: asking.AuditArguments) -> dict[str, Any]:
        rows = audit_rows(self._base, asked.ref)
        if asked.ref is None:
            short = [{key: one[key] for key in ("id", "severity", "references", "category")} for one in rows]
            return {"findings": short, "more": "ask with `ref` for the texts"}
        return {
            "findings": [self._finding(one["id"]) for one in rows],
            "references": self._references([asked.ref]),
        }

    def _import_table(self, asked: asking.ImportTableArguments) -> dict[str, Any]:
        text = asked.text.rstrip("\n") + "\n"  # the whole text: its last line is not cut off
        found = read_brought(text.encode(errors="replace"), asked.name, self._base, asked.therapy)
        shown, more = first(found.profiles, MAX_PROFILES)
        notes, more_notes = first(found.notices, briefs.MAX_SAID)
        problems, more_problems = first(found.problems, briefs.MAX_SAID)
        left = {f"{one.file}: {why}": count for one in found.accounts for why, count in one.left_out.items()}
        return briefs.without_empty(
            {
                "profiles": [one.model_dump(mode="json", exclude_none=True) for one in shown],
                "not_shown": f"{more} more profiles; `recommender cohort` ranks a table" if more else "",
                "notices": [one._asdict() for one in notes],
                "problems": [_problem(one) for one in problems],
                "more_notices_and_problems": more_notes + more_problems or None,
                "rows_left_out": left,
            }
        )

    def _profile(self, asked: asking.AboutProfile) -> Profile:
        """Return the profile, or the case of that name: no path is opened. Raises InputError."""
        given = asked.profile
        if not isinstance(given, str):
            return profile_in_value(given, lambda: self._base)
        path = cases.file_of(given)
        if path is None:
            what = f"no teaching case has the name '{shortened(given)}', and files are not opened."
            hint = did_you_mean(given, cases.names()) or "Give the profile as an object."
            raise InputError([Problem("/", what, hint)])
        return Profile.read(path.read_bytes(), source=given)

    def _named(self, name: str) -> tuple[Any, ...]:
        return rules_named(name, self._base).rules

    def _finding(self, name: str) -> dict[str, Any]:
        keys = ("id", "severity", "references", "review_says", "cited_work_says", "encoded_as", "checked")
        value = self._base.audit[name].model_dump(mode="json")
        return {key: value[key] for key in keys}

    def _references(self, numbers: list[int]) -> list[dict[str, Any]]:
        keys = ("number", "id", "citation", "doi", "pmid", "read")
        rows = reference_rows(self._base, numbers)
        return [briefs.without_empty({key: one[key] for key in keys}) for one in rows]

    def _labelled(self, **value: Any) -> dict[str, Any]:
        """Return a value with label, limits and the rules behind it, in which no text steers a terminal."""
        stamp = self._recommender.rule_base
        rules = {"version": stamp.version, "sha256": stamp.sha256, **stamp.packs_field}
        labelled = {"label": LABEL, "disclaimer": DISCLAIMER, "limits": briefs.LIMITS}
        shown: dict[str, Any] = _printable({**labelled, **value, "rule_base": rules})
        return shown


def _rules(nodes: list[Any]) -> set[str]:
    return {node.rule for node in nodes}


def _problems(error: RecommenderError, inside: str = "") -> dict[str, Any]:
    """Return what is wrong as an answer: an assistant corrects it and asks again."""
    found = error.problems if isinstance(error, InputError) else [Problem("", str(error))]
    found = [
        one._replace(where=f"{inside}{one.where}".rstrip("/")) if one.where.startswith("/") else one
        for one in found
    ]
    shown, more = first(found, briefs.MAX_SAID)
    value = {"answered": False, "problems": [_problem(one) for one in shown]}
    return value | ({"more_problems": more} if more else {})


def _problem(one: Problem) -> dict[str, str]:
    where = " ".join(part for part in (one.parameter, one.where) if part)
    return briefs.without_empty({"where": where, "what": one.what, "hint": one.hint})


def _printable(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case dict():
            return {printable(name): _printable(one) for name, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
    return value
