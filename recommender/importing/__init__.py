"""Files that people have, to profiles: cBioPortal studies, MAF files, Phenopackets and tables."""

import re
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from .._errors import InputError, Problem
from .._opening import ending, opened
from .._text import counted, did_you_mean, one_of, shortened
from .._validation import problems_of
from ..evaluation.facts import Notice
from ..knowledge.base import KnowledgeBase
from ..profile import Profile, pointer
from .accounts import FileAccount
from .draft import Draft, Log
from .genes import Genes
from .options import ImportOptions
from .workbook import is_workbook

Format = Literal["cbioportal", "maf", "phenopacket", "table"]
_MODULES = {"cbioportal": "cbioportal", "maf": "maf", "phenopacket": "phenopackets", "table": "table"}
_FOR_SOME = ("assume_exome", "clinical", "panels", "sheet", "z_high", "z_low", "z_profile")
"""ImportOptions that say nothing about a source of some forms."""
_HEAD = 64 * 1024
_PHENOPACKET = re.compile(
    rb"^[ \t\"'{]{0,40}(?:meta_?Data|phenopacketSchemaVersion|phenotypicFeatures|biosamples)[\"']?:"
    rb"|\"(?:phenopacketSchemaVersion|phenotypicFeatures|biosamples)\"",
    re.MULTILINE,
)
"""A name that phenopackets have and profiles do not, in YAML or JSON."""

__all__ = ["FileAccount", "Format", "ImportOptions", "Imported", "import_profiles"]


class Imported(NamedTuple):
    """Profiles, one for each sample; what a reader should know; and what is wrong with rows left out."""

    profiles: tuple[Profile, ...]
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]
    accounts: tuple[FileAccount, ...] = ()
    """For each file how many rows were read, and how many were left out for which reason."""


def import_profiles(
    source: str | Path,
    base: KnowledgeBase,
    options: ImportOptions | None = None,
    *,
    form: Format | None = None,
) -> Imported:
    """Return the profiles in a file or study folder; its form is told by its looks unless given.

    Only what the vocabulary of `base` knows is kept. Raises InputError where nothing can be read;
    RuleBaseError where the rule base does not say what the words of files mean.
    """
    path, options = Path(source), options or ImportOptions()
    if not all(one.strip() for one in options.therapies):
        raise InputError([Problem("", "the name of a therapy is empty.", parameter="therapies")])
    if options.sheet is not None and not is_workbook(path):
        raise InputError([Problem("", f"{shortened(path.name)} is not a workbook.", parameter="sheet")])
    chosen = form or _format_of(path, options.sheet)
    log = Log()
    module = import_module(f".{_MODULES[chosen]}", __package__)
    _refuse_unused(options, chosen, module.USES)
    drafts: list[Draft] = module.read(path, base, options, log)
    if not drafts and not log.problems:
        raise InputError([Problem("", "it holds no sample.")], source=str(source))
    drafts = _picked(drafts, options.samples)
    for therapy in options.therapies:
        _add_therapy(drafts, therapy, base)
    _tell_unknown(drafts, base, log)
    genes = Genes(base)
    profiles = []
    for draft in drafts:
        try:
            profiles.append(draft.profile(genes, log))
        except ValidationError as error:
            log.problems += [
                Problem(f"{shortened(draft.id)} {pointer(found.path)}", found.what, found.hint)
                for found in problems_of(error, Profile, {})
            ]
    return Imported(tuple(profiles), tuple(log.notices), tuple(log.problems), log.accounts.all())


def _refuse_unused(options: ImportOptions, chosen: Format, uses: frozenset[str]) -> None:
    """Raises InputError for options that say nothing about a source of this form."""
    given = {name for name in _FOR_SOME if getattr(options, name) not in (None, (), False)}
    unused = [f"`{name}=`" for name in sorted(given - uses)]
    if unused:
        what = f"{one_of(unused)} cannot be used with a source read as {chosen}."
        raise InputError([Problem("", what, "Leave it out, or say what the source is with `form=`.")])


def _add_therapy(drafts: list[Draft], name: str, base: KnowledgeBase) -> None:
    """Add a therapy to every sample that does not have it under any name."""
    known, unknown = base.vocabulary.therapies_in(name)
    meant = {therapy.id for therapy in known}
    for draft in drafts:
        has = {one.id for given in draft.therapies for one in base.vocabulary.therapies_in(given)[0]}
        if unknown or not meant <= has:
            draft.therapies.setdefault(name, "")


def _tell_unknown(drafts: list[Draft], base: KnowledgeBase, log: Log) -> None:
    """Add notices of names that no rule knows, each once, and of samples without a therapy."""
    vocabulary = base.vocabulary
    for draft in drafts:
        for given, at in [*draft.therapies.items(), *draft.resistant_to.items()]:
            for part in vocabulary.therapies_in(given)[1]:
                near = log.near_name(part, vocabulary.therapy_spellings())
                what = f"the therapy '{shortened(part)}' is not in the vocabulary; no rule reads it. {near}"
                log.once(part, "UNKNOWN_THERAPY", at.partition(", ")[0], what.strip())
        if draft.disease and vocabulary.disease(draft.disease) is None:
            near = log.near_name(draft.disease, vocabulary.disease_spellings())
            what = f"the disease '{shortened(draft.disease)}' is not in the vocabulary. {near}".strip()
            log.once(draft.disease, "UNKNOWN_DISEASE", "", what)
    without = [draft.id for draft in drafts if not draft.therapies]
    if without:
        what = (
            f"{len(without)} of {counted(len(drafts), 'sample')} {'has' if len(without) == 1 else 'have'} no "
            "therapy, and an add-on needs one; add it with `therapies=`."
        )
        log.notice("NO_THERAPY", "", what)


def _format_of(path: Path, sheet: str | None) -> Format:
    """Return what a path looks like. Raises InputError."""
    try:
        if path.is_dir():
            return "cbioportal"
        there = path.exists()
    except (OSError, ValueError) as error:
        raise InputError(
            [Problem("", f"it is no path that can be read: {error}.")], source=str(path)
        ) from None
    suffix = ending(path.name)
    if suffix in (".ndjson", ".jsonl", ".yaml", ".yml"):
        raise InputError([_not_imported(path)], source=str(path))
    if suffix == ".json":
        return "phenopacket"
    if suffix == ".maf":
        return "maf"
    if not there:
        folder = path.parent
        near = did_you_mean(path.name, [one.name for one in folder.iterdir()]) if folder.is_dir() else ""
        raise InputError([Problem("", "there is no such file or folder.", near)], source=str(path))
    from .delimited import Table
    from .maf import looks_like

    table = Table(path, path.name, delimiter=None, sheet=sheet)
    try:
        return "maf" if looks_like(table) else "table"
    finally:
        table.close()


def _not_imported(path: Path) -> Problem:
    """Return what to do with a file that holds profiles according to its name."""
    try:
        with opened(path) as stream:
            head = stream.read(_HEAD)
    except OSError:
        head = b""
    if _PHENOPACKET.search(head):
        return Problem("", "phenopackets are read as JSON, one in a file.", "Convert it to JSON, as .json.")
    return Problem("", "it holds profiles already.", "Use it with recommend, or profile validate.")


def _picked(drafts: list[Draft], samples: tuple[str, ...]) -> list[Draft]:
    known = {draft.id: draft for draft in drafts}
    problems = [
        Problem("", f"there is no sample {shortened(name)}.", did_you_mean(name, known), "samples")
        for name in samples
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return [known[name] for name in dict.fromkeys(samples)] if samples else drafts
