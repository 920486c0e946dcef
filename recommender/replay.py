"""Does an archived result still follow from its profile? Every difference, by its place in the result."""

import re
from typing import Any

from ._errors import InputError, Problem
from ._text import shortened
from .engine import STAMPS
from .options import Options
from .profile import Profile, pointer
from .recommender import ENGINE_REPLACED, Recommender

_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
MAX_RANKS = 1_000_000
"""Ranks that a result may have been cut to: more than any rule base can give, and short in an error."""


def replay(value: Any, profile: Profile, recommender: Recommender) -> list[str]:
    """Return the differences between an archived result and the answer of today; none if it follows.

    Raises InputError where `value` is not a result.
    """
    options = value.get("options") if isinstance(value, dict) else None
    top = options.get("top") if isinstance(options, dict) else None
    if (
        not isinstance(options, dict)
        or not isinstance(value.get("recommendations"), list)
        or not (top is None or (type(top) is int and 0 < top < MAX_RANKS))
    ):
        hint = "Make a result of the profile, in JSON."
        problem = Problem("", "it is not a result.", hint, actions=("recommend",))
        raise InputError([problem])
    asked = Options(brief=bool(options.get("brief")), any_disease=bool(options.get("any_disease")), top=top)
    result = _weighted_alike(recommender, value.get("rule_base")).answer(profile, asked)
    found = differences(*_whichever_engine(value, result.to_dict()))
    stamp = value.get("profile")
    if isinstance(stamp, dict) and stamp.get("sha256") != result.profile.sha256:
        found.insert(0, "The profile is another one: its sha256 differs.")
    return found


def _weighted_alike(recommender: Recommender, stamp: Any) -> Recommender:
    """Return the recommender, with the weights of a user's own that a result names. Raises InputError."""
    weights = stamp.get("weights") if isinstance(stamp, dict) else None
    return recommender if weights is None else recommender.reweighted(weights)


def rule_base_of(value: Any) -> str:
    """Return the version of the rule base that a result names, for a message."""
    stamp = value.get("rule_base") if isinstance(value, dict) else None
    return shortened(str(stamp.get("version", "unknown"))) if isinstance(stamp, dict) else "unknown"


def _whichever_engine(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both results as of one engine: which one fired the rules does not change what follows.

    Where it is named as no result does, it stays as it is, and so does a notice that it was replaced.
    """
    known = _is_stamp(old.get("engine"))
    plain = known and old["engine"]["name"] == "plain"
    return {
        **old,
        **({"engine": new["engine"]} if known else {}),
        "notices": _without_replaced(old.get("notices")) if plain else old.get("notices"),
    }, {**new, "notices": _without_replaced(new["notices"])}


def _is_stamp(engine: Any) -> bool:
    return (
        isinstance(engine, dict)
        and engine.keys() == {"name", "version"}
        and engine["name"] in STAMPS
        and isinstance(engine["version"], str)
        and _VERSION.fullmatch(engine["version"]) is not None
    )


def _without_replaced(notices: Any) -> Any:
    """Return notices without the one that the plain engine stepped in, where there is one of that form."""
    if not isinstance(notices, list):
        return notices
    replaced = [one for one in notices if isinstance(one, dict) and one.get("code") == ENGINE_REPLACED]
    if len(replaced) != 1 or replaced[0].keys() != {"code", "message", "path"} or replaced[0]["path"] != "":
        return notices
    return [one for one in notices if one is not replaced[0]]


def differences(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> list[str]:
    """Return what differs between two plain values, each with a JSON pointer."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for name in sorted({*old, *new}):
            if name not in new or name not in old:
                found.append(f"{pointer((*path, name))}: {'gone' if name in old else 'new'}")
            else:
                found += differences(old[name], new[name], (*path, name))
        return found
    if isinstance(old, list) and isinstance(new, list):
        if _named(old) and _named(new):
            found = differences({one["id"]: one for one in old}, {one["id"]: one for one in new}, path)
            both = [one["id"] for one in new if one["id"] in {other["id"] for other in old}]
            if [one["id"] for one in old if one["id"] in both] != both:
                found.append(f"{pointer(path)}: in another order")
            return found
        if len(old) == len(new):
            pairs = enumerate(zip(old, new, strict=True))
            return [found for index, pair in pairs for found in differences(*pair, (*path, index))]
    same = old == new and isinstance(old, bool) is isinstance(new, bool)
    return [] if same else [f"{pointer(path)}: was {_short(old)}, is {_short(new)}"]


def _named(values: list[Any]) -> bool:
    names = [one.get("id") for one in values if isinstance(one, dict)]
    named = [name for name in names if isinstance(name, str)]
    return bool(named) and len(named) == len(values) == len(set(named))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
