"""Files that people have, to profiles: cBioPortal studies, MAF files, Phenopackets and tables."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..facts import Notice
from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from .draft import Draft, Log
from .genes import Genes
from .options import Options

Format = Literal["cbioportal", "maf", "phenopacket", "table"]
FORMATS: tuple[str, ...] = get_args(Format)
_MODULES = {"cbioportal": "cbioportal", "maf": "maf", "phenopacket": "phenopackets", "table": "sheet"}

__all__ = ["FORMATS", "Format", "Imported", "Options", "import_profiles"]


class Imported(NamedTuple):
    """Profiles, one for each sample; what a reader should know; and what is wrong with rows left out."""

    profiles: tuple[Profile, ...]
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


def import_profiles(
    source: str | Path, base: KnowledgeBase, options: Options | None = None, *, form: Format | None = None
) -> Imported:
    """Return the profiles in a file or study folder; its form is told by its looks unless given.

    Only what the vocabulary of `base` knows is kept. Raises InputError where nothing can be read;
    RuleBaseError where the rule base does not say what the words of files mean.
    """
    path, options = Path(source), options or Options()
    chosen = form or _format_of(path)
    log = Log()
    read: Callable[[Path, KnowledgeBase, Options, Log], list[Draft]] = import_module(
        f".{_MODULES[chosen]}", __package__
    ).read
    drafts = read(path, base, options, log)
    if not drafts and not log.problems:
        raise InputError([Problem("", "it holds no sample.")], source=str(source))
    drafts = _picked(drafts, options.samples)
    for therapy in options.therapies:
        _add_therapy(drafts, therapy, base, log)
    genes = Genes(base)
    profiles = tuple(draft.profile(genes, log) for draft in drafts)
    return Imported(profiles, tuple(log.notices), tuple(log.problems))


def _add_therapy(drafts: list[Draft], name: str, base: KnowledgeBase, log: Log) -> None:
    """Add a therapy to every sample that does not have it under any name."""
    known, unknown = base.vocabulary.therapies_in(name)
    for part in unknown:
        near = did_you_mean(part, base.vocabulary.therapy_spellings())
        what = (
            f"the therapy '{shortened(part)}' is not in the vocabulary; no rule asks for it. {near}".strip()
        )
        log.notice("UNKNOWN_THERAPY", "--therapy", what)
    meant = {therapy.id for therapy in known}
    for draft in drafts:
        has = {one.id for given in draft.therapies for one in base.vocabulary.therapies_in(given)[0]}
        if unknown or not meant <= has:
            draft.therapies.setdefault(name, "")


def _format_of(path: Path) -> Format:
    """What a path looks like. Raises InputError."""
    if path.is_dir():
        return "cbioportal"
    if path.suffix.lower() == ".json":
        return "phenopacket"
    if not path.exists():
        near = (
            did_you_mean(path.name, [one.name for one in path.parent.iterdir()])
            if path.parent.is_dir()
            else ""
        )
        raise InputError([Problem("", "there is no such file or folder.", near)], source=str(path))
    from .maf import looks_like
    from .tables import Table

    table = Table(path, path.name, delimiter=None)
    try:
        return "maf" if looks_like(table) else "table"
    finally:
        table.close()


def _picked(drafts: list[Draft], samples: tuple[str, ...]) -> list[Draft]:
    known = {draft.id: draft for draft in drafts}
    problems = [
        Problem("--sample", f"there is no sample {shortened(name)}.", did_you_mean(name, known))
        for name in samples
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return [known[name] for name in dict.fromkeys(samples)] if samples else drafts
