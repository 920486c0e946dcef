"""Texts made to keep a reader busy: time grows with their length, and not with its square."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support.commands import run
from support.generators import BASE
from support.studies import imported

from recommender import InputError, Profile, Recommender
from recommender._text import fold, printable, safe_json
from recommender.whatif import Changes, changed

pytestmark = pytest.mark.once

RECOMMENDER = Recommender(engine="plain")


def test_a_great_many_markers_are_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"markers": {f"M{n}": "high" for n in range(400_000)}}))
    start = time.perf_counter()
    done = run("recommend", file)
    assert done.returncode == 2
    assert b"the limit is 4 MiB" in done.stderr
    assert time.perf_counter() - start < 10


SHAPES = {
    "plus": "+",
    "minus and space": "- ",
    "dots": ". ",
    "brackets": "[",
    "parentheses": "(",
    "spaces": " ",
    "with": " with ",
    "no": "no ",
    "TCGA": "TCGA-",
    "separators of a z-score": "._- ",
    "z": " z",
    "digits": "1",
    "1e": "1e+",
    "months": "1-Mar-",
    "hepatitis": "HBsAg ",
    "p.": "p.",
    "c.-": "c.-1-",
    "c. and p.": "c.(p.",
    "escapes": "%3D",
    "genes": "A-1;",
    "quotes": '"a" ',
    "wide": "\u0130",
    "ligature": "ﷺ",
}


class TestRegularExpressions:
    """Time grows with the length of hostile text, and not with its square."""

    @pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
    def test_every_reader_of_texts(self, tmp_path: Path, shape: str) -> None:
        def spent(size: int) -> float:
            text = shape * (size // len(shape)) + "!"
            start = time.process_time()
            self.read(tmp_path, text)
            return time.process_time() - start

        spent(1_000)
        long = spent(40_000)
        assert long < 1 or min(long, spent(40_000)) < 8 * min(spent(10_000) for _ in range(2))

    @staticmethod
    def read(tmp_path: Path, text: str) -> None:
        """Let every reader of texts see one: profiles, tables and phenopackets."""
        profile = {"disease": text[:400], "therapies": [text[:400]], "markers": {text[:400]: "high"}}
        for value in (
            {**profile, "mutations": [{"gene": "TP53", "change": text}], "note": text, "id": text[:400]},
            {"mutations": [text], "therapies": [text], "markers": {text: text}},
        ):
            with suppress(InputError):
                RECOMMENDER.recommend(Profile.parse(value), brief=True)
            with suppress(InputError):
                changed(Profile(), Changes([f"{text}={text}", text], [text], [f"+{text}", text]), BASE)
        column = text.replace(",", ";")
        names = (
            "Hugo_Symbol",
            "Entrez_Gene_Id",
            "Tumor_Sample_Barcode",
            "Variant_Classification",
            "HGVSp_Short",
        )
        tables = {
            "a.csv": f"id,FASN,HBsAg,mutations,therapies,{column}\n1{f',{column}' * 5}\n",
            "a.maf": "\t".join(names) + "\n" + "\t".join([text] * 5),
        }
        for name, content in tables.items():
            with suppress(InputError):
                imported(tmp_path, name, content)
        term = {"id": text, "label": text}
        packet = {
            "id": text,
            "biosamples": [{"id": "s", "histologicalDiagnosis": term, "diagnosticMarkers": [term]}],
            "diseases": [{"term": term}],
            "measurements": [{"assay": term, "value": {"ontologyClass": term}}],
            "medicalActions": [{"treatment": {"agent": term}}],
            "interpretations": [
                {
                    "diagnosis": {
                        "genomicInterpretations": [
                            {
                                "subjectOrBiosampleId": "s",
                                "variantInterpretation": {
                                    "variationDescriptor": {
                                        "label": text,
                                        "geneContext": {"valueId": text, "symbol": text},
                                        "expressions": [{"syntax": "hgvs.p", "value": text}],
                                    }
                                },
                            }
                        ]
                    }
                }
            ],
        }
        with suppress(InputError):
            imported(tmp_path, "a.json", json.dumps(packet))
        printable(text)
        safe_json(text)
        fold(text)

    def test_yaml_of_numbers_and_nesting(self) -> None:
        for text in ("a: " + "1" * 1_000_000, "a: -" + "." * 1_000_000, "[" * 100_000, "- " * 100_000):
            start = time.process_time()
            with suppress(InputError):
                Profile.read(text)
            assert time.process_time() - start < 4
