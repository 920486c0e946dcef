"""`recommender profile`: check profiles, write one, and make them from the files that people have."""

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from . import completing, options
from .helping import HelpedGroup, examples

EXAMPLES = examples("recommender profile import STUDY -o profiles", "recommender profile validate *.json")

MAX_REMARKS = 500
"""So many remarks are shown as a table."""

app = typer.Typer(
    cls=HelpedGroup, no_args_is_help=True, help="Check, write and import profiles.", epilog=EXAMPLES
)


@app.command(
    epilog=examples(
        "recommender profile validate case.json tumours.ndjson",
        "recommender profile validate case.json --format sarif -o report.sarif",
    )
)
def validate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Profiles in JSON, YAML or NDJSON; - for stdin."),
    ],
    output_format: options.TableJsonSarif = "table",
    strict: options.Strict = False,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Report every problem of profiles, with its place and the nearest allowed value.

    Exit code 2 if one cannot be used.
    """
    from ..intake.validation import Remark
    from ..knowledge.loading import load_rules
    from ..views import sarif
    from ..views.listing import listing
    from .output import emit, screen
    from .reading import validated

    base = load_rules(rules or ())
    remarks: list[Remark] = []
    profiles = 0
    for file in files:
        for found in validated(file, base, strict=strict):
            profiles += 1
            remarks += found
    errors = sum(one.level == "error" for one in remarks)
    if output_format == "sarif":
        emit(sarif.of_remarks(remarks), output)
    else:
        rows = [
            {
                **one._asdict(),
                "place": f"{one.file}:{one.line}" if one.line else one.file,
                "message": f"{one.what} {one.hint}".strip(),
            }
            for one in remarks
        ]
        columns = {"level": "Level", "place": "Place", "where": "Pointer", "message": "What"}
        counted = f"{profiles} {'profile' if profiles == 1 else 'profiles'}"
        title = f"{counted}, {errors} {'error' if errors == 1 else 'errors'}"
        hidden = max(len(rows) - MAX_REMARKS, 0) if output_format == "table" else 0
        note = f"{hidden} more; all with --format json." if hidden else ""
        shown = rows[: len(rows) - hidden]
        emit(
            listing(shown, columns, output_format, title=title, screen=screen(width, output), note=note),
            output,
        )
    if errors:
        raise typer.Exit(2)


@app.command(
    epilog=examples(
        "recommender profile new",
        "recommender profile new --therapy DRUG --marker MARKER=high -o case.json",
    )
)
def new(
    id_: Annotated[str | None, typer.Option("--id", metavar="NAME", help="Name of the case.")] = None,
    disease: Annotated[
        str | None,
        typer.Option("--disease", metavar="NAME", help="The tumour.", autocompletion=completing.disease),
    ] = None,
    therapy: Annotated[
        list[str] | None,
        typer.Option(
            "--therapy",
            metavar="NAME",
            help="A therapy; may be repeated.",
            autocompletion=completing.therapy,
        ),
    ] = None,
    resistant_to: Annotated[
        list[str] | None,
        typer.Option(
            "--resistant-to",
            metavar="NAME",
            help="A therapy that failed; may be repeated.",
            autocompletion=completing.therapy,
        ),
    ] = None,
    mutation: Annotated[
        list[str] | None,
        typer.Option(
            "--mutation",
            metavar="GENE[ CHANGE]",
            help="A mutated gene; may be repeated.",
            autocompletion=completing.marker,
        ),
    ] = None,
    marker: Annotated[
        list[str] | None,
        typer.Option(
            "--marker",
            metavar="MARKER=STATE",
            help="A finding; may be repeated.",
            autocompletion=completing.marker_state,
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Free text, kept unchanged.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    output: options.Output = None,
    rules: options.RuleFolders = None,
) -> None:
    """Write a profile from these options or, without any, by asking for each part.

    The Tab key completes names in the answers.
    """
    from .._errors import InputError, Problem
    from ..intake.interview import Answers, profile_of
    from ..knowledge.loading import load_rules
    from ..views.plain import as_json
    from .keyboard import asks_in_terminal
    from .output import emit, warn
    from .prompting import interview, save

    if output is not None and output.is_file() and not force:
        hint = "Name another file, or give --force to overwrite it."
        raise InputError([Problem("", "the file exists.", hint)], source=str(output))
    base = load_rules(rules or ())
    answers = Answers(
        id=id_,
        disease=disease,
        therapies=tuple(therapy or ()),
        resistant_to=tuple(resistant_to or ()),
        mutations=tuple(mutation or ()),
        markers=tuple(marker or ()),
        note=note,
    )
    asked = answers == Answers()
    if asked:
        answers = interview(base)
    profile, notices = profile_of(answers, base)
    if asked and output is None and asks_in_terminal():
        name = re.sub(r"[^\w.-]+", "-", answers.id or "").strip("-.") or "profile"
        save(as_json(profile), f"{name}.json")
    else:
        emit(as_json(profile), output)
    warn(notices)


@app.command(
    "import",
    epilog=examples(
        "recommender profile import STUDY_FOLDER --therapy DRUG > tumours.ndjson",
        "recommender profile import calls.maf --clinical clinical.tsv --assume-exome -o profiles",
    ),
)
def import_(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="A cBioPortal study folder, a MAF, a phenopacket, or a table as CSV, TSV or Excel workbook.",
        ),
    ],
    form: Annotated[
        Literal["cbioportal", "maf", "phenopacket", "table"] | None,
        typer.Option(
            "--from",
            metavar="KIND",
            help="Kind of source, if it cannot be detected: cbioportal, maf, phenopacket or table.",
        ),
    ] = None,
    clinical: Annotated[
        Path | None,
        typer.Option("--clinical", metavar="FILE", help="A clinical table that belongs to a MAF."),
    ] = None,
    therapy: options.AddTherapy = None,
    sample: Annotated[
        list[str] | None, typer.Option("--sample", metavar="ID", help="Only this sample; may be repeated.")
    ] = None,
    assume_exome: Annotated[
        bool,
        typer.Option(
            "--assume-exome",
            help="Treat genes without a mutation as wild type if no file lists what was sequenced.",
        ),
    ] = False,
    panel: Annotated[
        list[Path] | None, typer.Option("--panel", metavar="FILE", help="A gene panel; may be repeated.")
    ] = None,
    sheet: options.Sheet = None,
    z_high: Annotated[
        float | None,
        typer.Option("--z-high", metavar="Z", help="Lowest z-score of a high level.", show_default="2"),
    ] = None,
    z_low: Annotated[
        float | None,
        typer.Option("--z-low", metavar="Z", help="Highest z-score of a low level.", show_default="-2"),
    ] = None,
    z_profile: Annotated[
        str | None, typer.Option("--z-profile", metavar="ID", help="Profile of z-scores in a study to read.")
    ] = None,
    output_format: Annotated[
        Literal["ndjson", "table", "json"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="ndjson for profiles, table for their origin, json for an account.",
            show_default="ndjson",
        ),
    ] = None,
    account: Annotated[
        bool,
        typer.Option(
            "--account", help="Report rows read and left out for each file, and why, instead of profiles."
        ),
    ] = False,
    notices_to: Annotated[
        Path | None, typer.Option("--notices", metavar="FILE", help="Write all notices to a file, as JSON.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="A folder for one file per profile, or an .ndjson file.",
        ),
    ] = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Make profiles, one for each sample, as NDJSON. What is not measured stays unknown.

    Every finding names its file, line and original value. A row of a table with a cell that cannot be
    read is reported on stderr and left out, and the exit code is 2.
    """
    from .._errors import InputError, Problem
    from .._files import refuse_inside
    from ..importing import ImportOptions, import_profiles
    from ..intake.lines import SUFFIXES
    from ..knowledge.loading import load_rules
    from ..views.imports import accounts_json, accounts_table, as_files, as_lines, notices_json, overview
    from .import_notices import notice_lines, with_options
    from .output import STDOUT, emit, emit_all, screen, tell

    for written in (output, notices_to):
        if written not in (None, STDOUT):
            refuse_inside(written, source)
    base = load_rules(rules or ())
    asked = ImportOptions(
        therapies=tuple(therapy or ()),
        samples=tuple(sample or ()),
        clinical=clinical,
        panels=tuple(panel or ()),
        assume_exome=assume_exome,
        sheet=sheet,
        z_high=z_high,
        z_low=z_low,
        z_profile=z_profile,
    )
    found = with_options(import_profiles(source, base, asked, form=form))
    if account:
        made = (
            accounts_json(found) if output_format == "json" else accounts_table(found, screen(width, output))
        )
        emit(made, output)
    elif output is not None and output.suffix in (".json", ".yaml", ".csv", ".tsv", ".txt"):
        what = f"{output.name} looks like a file; -o takes a folder, or a file that ends in .ndjson."
        raise InputError([Problem("", what, parameter="output")])
    elif output_format == "json":
        what = "profiles are written as ndjson; json is for `account=`."
        raise InputError([Problem("", what, parameter="format")])
    elif output_format == "table":
        emit(overview(found, screen=screen(width, output)), output)
    elif output is not None and output.suffix not in SUFFIXES:
        inputs = (source, *filter(None, (clinical, *(panel or ()))))
        emit_all(output, as_files(found), inputs=inputs)
    else:
        emit(as_lines(found), output)
    if notices_to is not None:
        emit(notices_json(found), notices_to)
    for line in notice_lines(found, str(source)):
        tell(line)
    if found.problems:
        raise typer.Exit(2)
