"""Parts of a result: what was asked and answered with, what was found, and what follows from it."""

from typing import Any

from .._values import Value
from ..knowledge.weights import weights_in_words
from .ids import IdsView


class ProfileStamp(Value):
    """Which profile was answered: its id and the SHA-256 of its canonical JSON."""

    id: str | None
    """The name of the case."""
    sha256: str
    """SHA-256 of the profile in canonical JSON."""
    note: str | None = None
    """The note of the profile."""


class EngineStamp(Value):
    """Which engine fired the rules."""

    name: str
    """durable-rules or plain."""
    version: str
    """Of durable-rules, or of this program."""


class PackStamp(Value):
    """A pack of rules laid over the shipped ones."""

    name: str
    """Name of the folder."""
    sha256: str
    """SHA-256 over its rule files."""


class WeightsStamp(Value):
    """Weights of the user's own, in per cent, by which the add-ons were ordered."""

    marker_match: int
    """How specifically the findings of this tumour select the add-on."""
    partner_match: int
    """How close the therapy given is to the one tested."""
    evidence: int
    """The model in which the combination was shown."""
    actionability: int
    """How close the add-on is to a patient."""
    penalty: int
    """Limits and cautions, which are counted against it."""


class RuleBaseStamp(Value):
    """Which rule base was used: its version, the SHA-256 of its files, and its number of rules."""

    _left_out = frozenset({"weights", "shown"})

    version: str
    """Version of the shipped rules."""
    sha256: str
    """SHA-256 over the shipped rule files, names included."""
    rules: int
    """How many rules were used, those of packs included."""
    packs: tuple[PackStamp, ...] = ()
    """Packs laid over the shipped rules."""
    weights: WeightsStamp | None = None
    """Weights of the user's own; absent where those of the rule base are used."""
    shown: tuple[PackStamp, ...] | None = None
    """Packs whose papers are shown as other evidence and whose rules are not used; absent where none are."""

    @property
    def digests(self) -> str:
        """The SHA-256 of the shipped rules, and behind it each pack as `+NAME@SHA256`, and own weights."""
        packs = (f"{pack.name}@{pack.sha256}" for pack in self.packs)
        weights = [f"weights@{'-'.join(map(str, vars(self.weights).values()))}"] if self.weights else []
        return "+".join([self.sha256, *packs, *weights])

    @property
    def packs_field(self) -> dict[str, Any]:
        """The fields `packs` and `weights` of an answer as JSON, each only where there are any."""
        packs = {"packs": [dict(vars(pack)) for pack in self.packs]} if self.packs else {}
        return packs | ({"weights": dict(vars(self.weights))} if self.weights else {})

    def packs_in_words(self, digits: int = 64) -> str:
        """Return a line that names packs and own weights; empty where there are none.

        `digits` of the SHA-256 of each pack are given.

        >>> pack = PackStamp(name="ours", sha256="0123456789")
        >>> RuleBaseStamp(version="1", sha256="ab", rules=9, packs=(pack,)).packs_in_words(4)
        'With rules of the pack ours (sha256 0123).'
        """
        said = []
        if self.packs:
            named = ", ".join(f"{pack.name} (sha256 {pack.sha256[:digits]})" for pack in self.packs)
            said.append(f"With rules of the pack{'s' if len(self.packs) > 1 else ''} {named}.")
        if self.weights:
            said.append(f"Ordered by your own weights: {weights_in_words(vars(self.weights))}.")
        return " ".join(said)


class OptionsView(Value):
    """The options that the answer depends on, so that it can be made again."""

    brief: bool
    """True where undecided, blocked and next tests were left out."""
    any_disease: bool
    """True where diseases out of scope were ranked as well."""
    top: int | None = None
    """Only so many ranks are listed; null for all."""


class TherapyGiven(Value):
    """A therapy of the profile, as the vocabulary knows it."""

    _left_out = frozenset({"ids"})
    id: str
    """Its id in the vocabulary."""
    name: str
    """Its name in the vocabulary."""
    source: str
    """JSON pointer into the profile."""
    ids: IdsView | None = None
    """Its ids in public databases; left out where it has none."""


class DiseaseGiven(Value):
    """The disease of the profile, as the vocabulary knows it."""

    _left_out = frozenset({"ids"})
    id: str
    """Its id in the vocabulary."""
    name: str
    """Its name in the vocabulary."""
    ids: IdsView | None = None
    """Its ids in public databases; left out where it has none."""


class Fact(Value):
    """A measured marker."""

    _left_out = frozenset({"ids"})
    marker: str
    """Symbol of the marker."""
    state: str
    """Its state, as rules read it."""
    source: str
    """JSON pointer into the profile."""
    detail: str = ""
    """Further details that were reported, such as the change of a protein or the assay."""
    ids: IdsView | None = None
    """Ids of the gene; left out where the marker is not a gene."""


class Match(Value):
    """A finding that met a condition of a rule."""

    marker: str
    """The marker, or the kind of condition that was met."""
    state: str
    """The state that was found."""
    source: str
    """JSON pointer into the profile."""
    via: tuple[str, ...] = ()
    """Derived facts between finding and rule."""


class Derived(Value):
    """A state of a part of the ferroptosis pathway that a mechanism rule concluded."""

    fact: str
    """Part of the ferroptosis pathway."""
    state: str
    """The state that the rule concludes."""
    meaning: str
    """The state in words."""
    rule: str
    """The mechanism rule."""
    because: tuple[str, ...]
    """The findings, or facts, that met its conditions."""
    references: tuple[int, ...]
    """Reference numbers behind the rule."""


class Disputed(Value):
    """A claim that only the review's wording supports. Never ranked."""

    id: str
    """The id of the rule."""
    claim: str
    """The statement of the review."""
    why: str
    """Why the cited paper does not support it."""
    audit: tuple[str, ...]
    """Numbers of the audit findings."""
    references: tuple[int, ...]
    """Reference numbers of the papers cited."""
    pack: str | None = None
    """The pack that it came with; null for a shipped one."""


class NoticeView(Value):
    """Something that a reader of the answer should know."""

    code: str
    """A fixed word for programs."""
    path: str
    """JSON pointer to what it is about."""
    message: str
    """The notice for people."""
