"""Snakemake wrapper of `recommender recommend` and `recommender report`: PRECLINICAL EVIDENCE."""

from pathlib import Path

from snakemake.shell import shell

job = snakemake  # noqa: F821 - Snakemake defines it before this script runs

FORMATS = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".csv": "csv",
    ".md": "markdown",
    ".html": "html",
}

extra = job.params.get("extra", "")
profiles = job.input
log = job.log_fmt_shell(stdout=False, stderr=True, append=True)

for output in job.output:
    suffix = Path(output).suffix
    if suffix not in FORMATS:
        raise ValueError(f"{output}: the name must end in one of {', '.join(FORMATS)}")
    form = FORMATS[suffix]
    # A page is about one tumour and has its pathway map; everything else may be about many.
    command = "report" if form == "html" else "recommend"
    shell("recommender {command} --format {form} --output {output:q} {extra} {profiles:q} {log}")
