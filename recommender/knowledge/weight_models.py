"""A file of weights, which few answers are given."""

from .ranking_models import Percent
from .records import Record


class WrittenWeights(Record):
    """The weights as a file has them; each dimension is a field."""

    marker_match: Percent
    partner_match: Percent
    evidence: Percent
    actionability: Percent
    penalty: Percent
