"""`recommender rules`: the knowledge base as a thing to read and to check."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ..knowledge.rule_models import RuleKind
from . import comparing, completing, options
from .helping import HelpedGroup, examples

EXAMPLES = examples("recommender rules list --kind strategy", "recommender rules show NAME")

_WIDE = 110
"""Columns from which on a rule has room in one line."""

app = typer.Typer(cls=HelpedGroup, no_args_is_help=True, help="Read and check the rules.", epilog=EXAMPLES)


def _recommender(rules: list[Path] | None) -> Any:
    from ..recommender import Recommender

    return Recommender(rules=rules or (), engine="plain")


def _emit(text: str, output: Path | None = None) -> None:
    from .output import emit

    emit(text, output)


def _screen(width: int | None, output: Path | None = None) -> Any:
    from .output import screen

    return screen(width, output)


def _kind_and_papers(row: Mapping[str, Any]) -> str:
    papers = ", ".join(map(str, row["references"]))
    return f"{row['kind']}  [{papers}]" if papers else str(row["kind"])


@app.command(
    "list",
    epilog=examples(
        "recommender rules list --kind strategy --therapy radiotherapy",
        "recommender rules list --format json",
    ),
)
def list_(
    kind: Annotated[
        RuleKind | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="Only one kind: strategy, mechanism, context, caution or disputed.",
        ),
    ] = None,
    therapy: Annotated[
        str | None,
        typer.Option(
            "--therapy",
            metavar="NAME",
            help="Only rules that a profile with this therapy can fire.",
            autocompletion=completing.therapy,
        ),
    ] = None,
    output_format: options.TableJsonMarkdown = "table",
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """List the rules."""
    from ..curation.records import rule_rows
    from ..views.listing import listing, paragraphs
    from ..views.records import RULES

    recommender = _recommender(rules)
    base, stamp = recommender.base, recommender.rule_base
    rows = rule_rows(base, kind=kind, therapy=therapy)
    columns = {"id": "Rule", "kind": "Kind", "title": "Title", "references": "Ref"}
    if output_format == "markdown":
        columns |= {"therapy": "Therapy", "partner": "Partner", "when": "When"}
    note = f"{len(rows)} of {len(base.rules)} rules. {stamp.packs_in_words()}".rstrip()
    shown_on = _screen(width)
    if output_format == "table" and shown_on.width < _WIDE:
        entries = ((row["id"], _kind_and_papers(row), row["title"]) for row in rows)
        _emit(paragraphs(RULES, entries, shown_on, note=f"\n{note}"))
        return
    text = listing(
        rows,
        columns,
        output_format,
        title=RULES,
        screen=shown_on,
        note=note,
        more=stamp.packs_field,
    )
    _emit(text)


@app.command(
    epilog=examples("recommender rules show ADD-ON", "recommender rules show RULE --format markdown")
)
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A rule, an add-on, a recommendation or a derived fact.",
            autocompletion=completing.rule,
        ),
    ],
    output_format: options.TableJsonMarkdown = "table",
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Show rules as pages: conditions, mechanism, evidence, audit, examples."""
    from ..curation.records import rule_value
    from ..knowledge.naming import rules_named
    from ..views.escaping import in_markdown
    from ..views.listing import document
    from ..views.plain import labelled
    from ..views.rule_pages import rule_page

    recommender = _recommender(rules)
    base, stamp = recommender.base, recommender.rule_base
    found = rules_named(name, base).rules
    if output_format == "json":
        values = [rule_value(rule, base) for rule in found]
        made = values[0] if len(values) == 1 else {"name": name, "rules": values}
        _emit(labelled(**made, **stamp.packs_field))
        return
    text = "\n".join(rule_page(rule, base) for rule in found)
    if packs := stamp.packs_in_words():
        text += f"\n{in_markdown(packs)}\n"
    _emit(text if output_format == "markdown" else document(text, screen=_screen(width)))


@app.command(
    "lint",
    epilog=examples("recommender rules lint --notes", "recommender rules lint --format sarif -o lint.sarif"),
)
def lint_command(
    output_format: options.TableJsonSarif = "table",
    notes: Annotated[bool, typer.Option("--notes", help="Include notes in the table.")] = False,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Find faults in rules that load. Exit code 3 for errors and warnings."""
    from ..curation import linting
    from ..views import sarif
    from ..views.listing import listing

    findings = linting.lint(_recommender(rules).base)
    if not rules:
        from ..knowledge.loading import shipped_readings

        readings = shipped_readings().values()
        findings += [one for base in readings for one in linting.lint(base, linting.OF_READINGS)]
    serious = [one for one in findings if one.level != "note"]
    if output_format == "sarif":
        text = sarif.of_lint(findings, linting.CHECKS)
    else:
        shown = findings if notes or output_format == "json" else serious
        columns = {
            "code": "Code",
            "level": "Level",
            "record": "Record",
            "where": "Where",
            "message": "Finding",
        }
        left_out = len(findings) - len(shown)
        note = f"{len(serious)} errors and warnings; {left_out} notes not shown (--notes)."
        rows = [one._asdict() for one in shown]
        text = listing(rows, columns, output_format, title="Lint", screen=_screen(width, output), note=note)
    _emit(text, output)
    if serious:
        raise typer.Exit(3)


@app.command("test", epilog=examples("recommender rules test", "recommender rules test --rules my-pack"))
def try_(
    output_format: options.TableOrJson = "table",
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Try every rule on its own examples. Exit code 3 unless every rule and condition is covered."""
    from ..curation.examples import try_examples
    from ..views.listing import listing
    from ..views.plain import labelled

    recommender = _recommender(rules)
    report = try_examples(recommender.base, recommender.engine)
    if output_format == "json":
        failures = [one._asdict() for one in report.failures]
        _emit(labelled(**{**report._asdict(), "failures": failures}))
    else:
        rows = [{"rule": one.rule, "what": one.what, "example": one.example} for one in report.failures]
        rows += [
            {"rule": one, "what": "no example covers this alternative", "example": ""}
            for one in report.untried
        ]
        note = (
            f"{report.rules} rules, {report.examples} examples, {len(report.failures)} failures; "
            f"{report.ways_tried} of {report.ways} ways to fire a rule taken "
            f"({report.ways_tried / max(report.ways, 1):.0%})."
        )
        columns = {"rule": "Rule", "what": "What", "example": "Example"}
        _emit(
            listing(
                rows, columns, "table", title="Rules on their own examples", screen=_screen(width), note=note
            )
        )
    if not report.passed:
        raise typer.Exit(3)


@app.command(
    "coverage",
    epilog=examples("recommender rules coverage", "recommender rules coverage --of references --format json"),
)
def coverage_command(
    output_format: options.TableJsonMarkdown = "table",
    what: Annotated[
        Literal["claims", "references"],
        typer.Option("--of", metavar="WHAT", help="Contents of the table: claims or references."),
    ] = "claims",
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Show the fate of every claim of the review and of every reference. Exit code 3 below 100%."""
    from ..curation.claims import coverage
    from ..views.listing import listing
    from ..views.plain import labelled

    found = coverage(_recommender(rules).base)
    fates: dict[str, int] = {}
    for one in found.claims if what == "claims" else found.references:
        fates[one.fate] = fates.get(one.fate, 0) + 1
    counts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    if output_format == "json":
        value = {
            "claims": [one._asdict() for one in found.claims],
            "references": [one._asdict() for one in found.references],
            "total_percent": round(found.total * 100, 2),
        }
        _emit(labelled(**value))
    else:
        rows = [one._asdict() for one in (found.claims if what == "claims" else found.references)]
        columns = (
            {"id": "Claim", "fate": "Fate", "rules": "Rules", "reason": "Reason"}
            if what == "claims"
            else {"number": "Ref", "fate": "Fate", "rules": "Rules", "reason": "Reason"}
        )
        note = f"{len(rows)} {what}: {counts}. Claims and references with a fate: {found.total:.0%}."
        _emit(
            listing(
                rows, columns, output_format, title=f"Fate of the {what}", screen=_screen(width), note=note
            )
        )
    if found.total < 1:
        raise typer.Exit(3)


@app.command(
    "graph",
    epilog=examples(
        "recommender rules graph > rules.mmd", "recommender rules graph --format dot -o rules.dot"
    ),
)
def graph_command(
    output_format: Annotated[
        Literal["mermaid", "dot", "json"],
        typer.Option("--format", metavar="FORMAT", help="Output format: mermaid, dot or json."),
    ] = "mermaid",
    output: options.Output = None,
    rules: options.RuleFolders = None,
) -> None:
    """Print the graph from markers through mechanisms to add-ons."""
    from ..curation.graph import graph
    from ..views import graphs
    from ..views.plain import labelled

    recommender = _recommender(rules)
    shown, stamp = graph(recommender.base), recommender.rule_base
    if output_format == "json":
        nodes = {key: {"kind": kind, "text": text} for key, (kind, text) in shown.nodes.items()}
        text = labelled(nodes=nodes, edges=[edge._asdict() for edge in shown.edges], **stamp.packs_field)
    else:
        in_language = graphs.dot if output_format == "dot" else graphs.mermaid
        text = in_language(shown, stamp.packs_in_words())
    _emit(text, output)


@app.command(
    epilog=examples(
        "recommender rules diff old/rules new/rules",
        "recommender rules diff old/rules new/rules --cohort case.json",
    )
)
def diff(
    old: Annotated[Path, typer.Argument(metavar="A", help="A folder with a whole rule base.")],
    new: Annotated[Path, typer.Argument(metavar="B", help="A second folder with a rule base.")],
    cohort: Annotated[
        list[Path] | None,
        typer.Option("--cohort", metavar="FILE", help="Profiles to answer with both; may be repeated."),
    ] = None,
    output_format: options.TableOrJson = "table",
    width: options.Width = None,
) -> None:
    """Show which rules differ between two rule bases, and which profiles get a different answer."""
    from .._text import counted
    from ..curation.diff import compare
    from ..views.listing import listing
    from ..views.plain import labelled
    from .reading import read_profiles

    profiles = [profile for file in cohort or () for profile in read_profiles(file)]
    found = compare(old, new, profiles)
    if output_format == "json":
        value = {
            "rules": [one._asdict() for one in found.rules],
            "profiles": [one._asdict() for one in found.profiles],
            "compared": found.compared,
        }
        _emit(labelled(**value))
        return
    rows = [
        {"what": f"{one.kind} {one.change}", "id": one.title, "how": one.details}
        for one in sorted(found.rules, key=lambda one: (one.change, one.kind, one.title))
        if one.details or one.change != "changed"
    ]
    worded = len(found.rules) - len(rows)
    for one in found.profiles:
        how = [f"new: {name}" for name in one.enters] + [f"left: {name}" for name in one.leaves]
        rows.append({"what": "answer", "id": one.profile, "how": (*how, *one.moves)})
    note = (
        f"{counted(len(found.rules), 'rule differs', 'rules differ')}, {worded} of them in wording only; "
        f"{len(found.profiles)} of {found.compared} answers differ."
    )
    columns = {"what": "What", "id": "Title or profile", "how": "Before → after"}
    _emit(listing(rows, columns, "table", title="Difference", screen=_screen(width), note=note))


app.command("compare", epilog=comparing.EXAMPLES)(comparing.compare_rules)
