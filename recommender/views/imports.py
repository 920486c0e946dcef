"""Imported profiles as NDJSON or files, and what a reader of an import should know."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .._text import safe_json
from ..importing import Imported
from ..importing.accounts import REASONS, FileAccount
from ..profile import Profile
from .listing import listing
from .plain import as_json, labelled
from .screen import Screen


def as_lines(found: Imported) -> str:
    """Return one line of JSON for each profile."""
    return "".join(
        safe_json(json.dumps(_plain(profile), sort_keys=True, ensure_ascii=False)) + "\n"
        for profile in found.profiles
    )


def as_files(found: Imported) -> dict[str, str]:
    """Return a file name and its JSON for each profile, the names harmless and different in any case."""
    files: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for profile in found.profiles:
        stem = re.sub(r"[^\w.-]", "_", profile.id or "profile", flags=re.ASCII).strip(".")[:120] or "profile"
        name = stem
        while taken[name.casefold()]:
            taken[stem.casefold()] += 1
            name = f"{stem}-{taken[stem.casefold()]}"
        taken[name.casefold()] += 1
        files[f"{name}.json"] = as_json(_plain(profile))
    return files


def overview(found: Imported, screen: Screen) -> str:
    """Return every finding of every profile as a table: its state, and where it was read."""
    rows = [row for profile in found.profiles for row in _findings(profile)]
    columns = {"sample": "Sample", "finding": "Finding", "source": "Read from"}
    count = len(found.profiles)
    title = f"{count} {'profile' if count == 1 else 'profiles'} imported"
    return listing(rows, columns, "table", title=title, screen=screen)


def _findings(profile: Profile) -> Iterator[dict[str, str]]:
    """The rows of a profile: disease, therapies and findings."""
    named = [("disease", profile.disease or "not stated")]
    named += [("therapy", name) for name in profile.therapies]
    named += [("failed", name) for name in profile.resistant_to]
    found = [(f"{name}: {value}", "") for name, value in named]
    for mutation in profile.mutations:
        change = f" {mutation.change}" if mutation.change else ""
        found.append((f"{mutation.gene} {mutation.state}{change}", mutation.source or ""))
    for name, one, _ in profile.measured():
        said = "; ".join(part for part in (one.source, one.measured) if part)
        found.append((f"{name} {one.state}", said))
    for number, (finding, source) in enumerate(found):
        sample = (profile.id or "without id") if not number else ""
        yield {"sample": sample, "finding": finding, "source": source}


def accounts_table(found: Imported, screen: Screen) -> str:
    """Return for each file how many rows it has, were read and were left out, and why, as a table."""
    rows = [
        {
            "file": one.file,
            "rows": "" if one.rows is None else f"{one.rows:,}",
            "read": "" if one.rows is None else f"{one.read:,}",
            "left_out": f"{count:,} {REASONS.get(reason, reason)}" if reason else "",
        }
        for one in found.accounts
        for reason, count in one.left_out.items() or [("", 0)]
    ]
    for row, before in reversed(list(zip(rows[1:], rows, strict=False))):
        if row["file"] == before["file"]:
            row |= {"file": "", "rows": "", "read": ""}
    columns = {"file": "File", "rows": "Rows", "read": "Read", "left_out": "Left out"}
    return listing(rows, columns, "table", title="Rows read and left out", screen=screen)


def accounts_json(found: Imported) -> str:
    """Return the same as JSON; the numbers of rows are null for a file that was not read."""
    return labelled(profiles=len(found.profiles), files=[_account(one) for one in found.accounts])


def _account(account: FileAccount) -> dict[str, Any]:
    known = account.rows is not None
    return {
        "file": account.file,
        "rows": account.rows,
        "read": account.read if known else None,
        "left_out": [
            {"reason": reason, "rows": count if known else None, "meaning": REASONS.get(reason, "")}
            for reason, count in account.left_out.items()
        ],
    }


def notices_json(found: Imported) -> str:
    """Return all notices and problems as JSON."""
    return labelled(
        profiles=len(found.profiles),
        notices=[one._asdict() for one in found.notices],
        problems=[{"where": one.where, "what": one.what, "hint": one.hint} for one in found.problems],
    )


def _plain(profile: Profile) -> dict[str, Any]:
    given = profile.model_dump(mode="json", exclude_none=True)
    return {name: value for name, value in given.items() if value not in ([], {})}
