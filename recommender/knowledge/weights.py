"""Weights of the user's own for the dimensions of the ranking, in place of those of the rule base."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from .._errors import InputError, Problem
from .ranking_models import DIMENSIONS, Ranking

if TYPE_CHECKING:
    from .._yaml import Document

Weights = Mapping[str, int]
"""The weight of each dimension in per cent."""
_MAX_FILE = 64 * 1024
"""Bytes of a file of weights, which holds five lines."""
MERITS = DIMENSIONS[:-1]
"""The dimensions of which the weights add up to 100; the last, the penalty, is counted against them."""


def read_weights(file: str | Path) -> dict[str, int]:
    """Return the weights in a YAML or JSON file: an object with a whole number for each dimension.

    Raises InputError with all faults.
    """
    from .. import _yaml

    source = str(file)
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(_MAX_FILE + 1)
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=source) from None
    if len(content) > _MAX_FILE:
        raise InputError([Problem("", "more than 64 KiB is too much for weights.")], source=source)
    try:
        document = _yaml.parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError([Problem("", f"it is not UTF-8 text: {error.reason}.")], source=source) from None
    except _yaml.YamlError as error:
        raise InputError([Problem(f"{source}:{error.line}", f"{error}.")]) from None
    return checked_weights(document.value, source, document)


def checked_weights(
    value: Any, source: str = "weights", document: "Document | None" = None
) -> dict[str, int]:
    """Return weights that are complete, and of which those of the merits add up to 100.

    Raises InputError with all faults.
    """
    from .._validation import FieldProblem, located, problems_of
    from .._yaml import Document
    from .weight_models import WrittenWeights

    document = document or Document(value, {})
    try:
        found = WrittenWeights.model_validate(value, strict=True)
    except ValidationError as error:
        problems = problems_of(error, WrittenWeights, value)
        raise InputError([located(one, source, document) for one in problems]) from None
    weights: dict[str, int] = {name: getattr(found, name) for name in DIMENSIONS}
    if (total := sum(weights[name] for name in MERITS)) != 100:
        what = f"the weights of {', '.join(MERITS)} add up to {total}, not to 100."
        raise InputError([located(FieldProblem((), what), source, document)])
    return weights


def weights_in_words(weights: Weights) -> str:
    """Return weights as a reader of an answer is told them.

    >>> weights_in_words({"marker_match": 60, "partner_match": 40})
    'marker match 60, partner match 40'
    """
    return ", ".join(f"{name.replace('_', ' ')} {weight}" for name, weight in weights.items())


def ranked_by(ranking: Ranking, weights: Weights) -> Ranking:
    """Return the ranking with other weights; groups and points stay."""
    dimensions = {
        name: dimension.model_copy(update={"weight": weights[name]})
        for name, dimension in ranking.dimensions.items()
    }
    return ranking.model_copy(update={"dimensions": dimensions})
