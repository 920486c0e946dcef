"""What the words of clinical records and variant files mean, by the rule base."""

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from .._errors import Problem, RuleBaseError
from .._text import fold, is_doubted
from .._values import cached_property
from ..changes import is_silent, protein_change
from ..knowledge.base import KnowledgeBase
from ..knowledge.import_models import ClinicalTerm, Importing, StatusColumn
from ..knowledge.models import Disease, Marker, Therapy
from ..knowledge.state_words import WordMeaning
from ..states import STATES
from .codes import is_number
from .delimited import several
from .endings import says_the_same

Status: TypeAlias = Literal["counts", "germline", "wild type", "unknown"]
"""What a column of status says of a variant."""

_MAX_CELL = 200
"""Letters of a cell that are read: a longer text is a remark."""
_UNREADABLE = re.compile(r"[^\w\s,;:/|&+()'.-]|-(?!\w)|(?<!\w)-|\.\s*\.")
"""Signs that could turn a term into its opposite, or into a question."""

_NOTATION = re.compile(r"(?<!\w)[cgmnpr]\.\S+|\S+:\S*")
"""A change in the notation of HGVS, or an id, whose signs have meanings of their own."""

_DENYING = re.compile(r"[?!¬~≠<]|(?<=\w)-(?!\w)|(?<!\S)-")


class Words:
    """The words of the rule base, ready for looking up."""

    def __init__(self, base: KnowledgeBase) -> None:
        if base.content.importing is None:
            what = "no file has the section importing, which says what the words of other files mean."
            raise RuleBaseError([Problem("", what)])
        self.known: Importing = base.content.importing
        self._base = base
        self._states = base.state_words
        self._terms = {fold(name): term for term in self.known.terms for name in term.names}
        self._codes = {_code(code): term for term in self.known.terms for code in term.codes}
        variants = self.known.variants
        self._variants = {
            **{fold(name): "mutation" for name in variants.mutation},
            **{fold(name): "splice" for name in variants.splice},
            **{fold(name): "no mutation" for name in variants.no_mutation},
            **{fold(name): "uncertain" for name in variants.uncertain},
        }
        self._promoter = {fold(name) for name in variants.promoter}
        polarity = {fold(word): True for word in self.known.positive} | {
            fold(word): False for word in self.known.negative
        }
        self._polarity = {word: found for word, found in polarity.items() if len(word) > 2}
        kinds = "|".join(map(re.escape, self.known.reference_samples))
        self._reference = re.compile(rf"(?<![\w:])(?:{kinds})(?!\w)", re.IGNORECASE)
        self._denies: dict[str, bool] = {}
        self._kinds: dict[tuple[str, bool], str | None] = {}
        self._statuses: dict[tuple[int, str], Status] = {}
        self._folds: dict[tuple[str, ...], frozenset[str]] = {}
        self._doubtful = _any_word(self.known.change_doubts)
        self._denying = _any_word(self.known.change_denials)
        self._withheld = _any_word(self.known.not_given)
        self._qualifiers = _any_word(self.known.response_qualifiers)
        self._phrase = re.compile(f"({_either(self._terms)})({_either(self._polarity)})?")

    def is_null(self, text: str) -> bool:
        """Return whether a cell means: no value."""
        return self._states.is_null(text)

    def value(self, text: str) -> str:
        """Return a cell without its outer spaces, and nothing where it means: no value."""
        return "" if not text or self.is_null(text) else text.strip()

    def polarity(self, text: str) -> bool | None:
        """Return whether a word means that something was found, was not found, or neither."""
        return self._states.polarity(text)

    def term(self, name: str) -> ClinicalTerm | None:
        """Return the clinical term of this name."""
        return self._terms.get(fold(name))

    def coded(self, code: str) -> ClinicalTerm | None:
        """Return the clinical term of an id of a terminology, however its prefix is written."""
        return self._codes.get(_code(code))

    def terms_in(self, text: str) -> list[tuple[ClinicalTerm, bool]] | None:
        """Return the terms in a text, and whether each was found; None where not all of it is understood.

        Terms may stand with or without separators. Where any word says found or not found, each part
        between separators must be one term with its own such word, because a word can be meant for
        several terms.
        """
        if self.unread_part(text):
            return None
        parts = [part for part in re.split(r"[,;|/&\n]", text.replace("+", " positive ")) if fold(part)]
        heard = [self._phrases(part) for part in parts]
        said = any(found is not None for part in heard for _, found in part)
        alone = all(len(part) == 1 for part in heard)
        if said and not (alone and all((found is not None) == bool(t.marker) for ((t, found),) in heard)):
            return None
        return [(term, found is not False) for part in heard for term, found in part]

    def _phrases(self, text: str) -> list[tuple[ClinicalTerm, bool | None]]:
        """The terms in a text of nothing but terms, each with what the word behind it says."""
        found = self._phrase.finditer(fold(text))
        return [(self._terms[match[1]], self._polarity.get(match[2] or "")) for match in found]

    def unread_part(self, text: str) -> str:
        """Return what is not understood in a text: a sign, or what is left without the known terms."""
        if len(text) > _MAX_CELL:
            return text[_MAX_CELL:]
        sign = _UNREADABLE.search(text)
        if sign:
            return sign[0]
        parts = re.split(r"[,;|/&\n]", text.replace("+", " positive "))
        return "".join(self._phrase.sub("", fold(part)) for part in parts)

    def variant(self, classification: str, marker: Marker | None = None) -> str | None:
        """Return "splice", "mutation", "no mutation" or "uncertain" for a gene; None for an unknown class.

        Several classes joined by `&` or commas, as annotation tools write them, count as the gravest.
        """
        promoted = marker is not None and marker.symbol in self.known.variants.promoter_genes
        key = classification, promoted
        if key not in self._kinds:
            self._kinds[key] = self._variant(classification, promoted=promoted)
        return self._kinds[key]

    def _variant(self, classification: str, *, promoted: bool) -> str | None:
        found: set[str | None] = set()
        for part in re.split(r"[&,;|]", classification):
            name = fold(part)
            if promoted and name in self._promoter:
                found.add("mutation")
            else:
                found.add(None if is_doubted(part) else self._variants.get(name))
        gravest = ("splice", "mutation", "uncertain", None, "no mutation")
        return next((kind for kind in gravest if kind in found), None)

    def may_be_promoter(self, classification: str) -> bool:
        """Return whether a class is one of those that hold the promoter."""
        return any(fold(part) in self._promoter for part in re.split(r"[&,;|]", classification))

    def status(self, column: StatusColumn, text: str) -> Status:
        """Return what a column of status says of a variant; several words count as the worst."""
        key = id(column), text  # all columns are of the rule base, and stay
        known = self._statuses.get(key)
        if known is None:
            known = self._statuses[key] = self._status(column, text)
        return known

    def _status(self, column: StatusColumn, text: str) -> Status:
        found: set[Status] = set()
        words = [fold(part) for part in ([text] if column.whole else re.split(r"[;,|&]", text))]
        if not self._folded(column.unless).isdisjoint(words):
            return "counts"
        for word in filter(None, words):
            if word in self._folded(column.germline):
                found.add("germline")
            elif word in self._folded(column.wild_type):
                found.add("wild type")
            elif word in self._folded(column.not_counted):
                found.add("unknown")
            elif column.others_count or word in self._folded(column.counts):
                found.add("counts")
            else:
                found.add("counts" if self.is_null(text) else "unknown")
        worst: tuple[Status, ...] = ("unknown", "germline", "wild type")
        return next((one for one in worst if one in found), "counts")

    def denies(self, text: str) -> bool:
        """Return whether a cell of any column means that a row is not a mutation of the tumour."""
        known = self._denies.get(text)
        if known is None:
            known = self._denies[text] = len(text) < _MAX_CELL and bool(
                self._folded(self.known.denials).intersection(map(fold, re.split(r"[;,|]", text)))
            )
        return known

    def _folded(self, words: tuple[str, ...]) -> frozenset[str]:
        known = self._folds.get(words)
        if known is None:
            known = self._folds[words] = frozenset(map(fold, words))
        return known

    def doubts_change(self, text: str) -> bool:
        """Return whether a cell for the change holds a word by which the row may not be a mutation."""
        return self._doubtful.search(text) is not None

    def denies_change(self, text: str) -> bool:
        """Return whether the label of a variant holds a word or a sign by which it may not be there."""
        rest = _NOTATION.sub(" ", text)
        return bool(
            self.doubts_change(text)
            or self._denying.search(text)
            or _DENYING.search(rest)
            or text.replace("p.?", "").replace("p.(?)", "").rstrip(") ").endswith("?")
        )

    def is_of_changes(self, word: str) -> bool:
        """Return whether a word in the label of a variant leaves it as it is."""
        return fold(word) in self._folded(self.known.change_words)

    def is_carried(self, text: str) -> bool:
        """Return whether an allelic state, by its label or id, is one with which a variant is there."""
        return fold(text) in self._folded(self.known.carried)

    def filtered(self, text: str) -> bool:
        """Return whether the filter of a VCF file does not let a variant count."""
        columns = [one for one in self.known.status_columns if "FILTER" in one.names]
        return any(self.status(column, text) != "counts" for column in columns)

    def classifications(self) -> list[str]:
        """Return every variant class that is known."""
        variants = self.known.variants
        return [*variants.mutation, *variants.splice, *variants.no_mutation, *variants.uncertain]

    def alteration(self, text: str) -> str | None:
        """Return the state that a word such as Amplification stands for."""
        return self._states.alteration(text)

    def finding(self, marker: Marker, text: str) -> WordMeaning | None:
        """Return the state that a text says of a marker, and the change of a protein where it names one."""
        return self._states.finding(marker, text)

    def other_axis(self, marker: Marker, text: str) -> str:
        """Return what is to be said of a word that is read as a level, and may mean the gene itself."""
        return self._states.other_axis(marker, text)

    def change(self, text: str) -> str | None:
        """Return the change of a protein that a text names, without its transcript, or None."""
        return protein_change(self.value(text))

    def therapies(self, text: str) -> list[str]:
        """Return the therapies in a text: it as a whole where it is a known name, else its parts.

        A text by which a therapy may not have been given, such as "sorafenib/placebo", is not taken apart.
        """
        whole = self._base.vocabulary.therapy(text) is not None or self.may_be_withheld(text)
        return [text] if whole else several(text)

    def may_be_withheld(self, text: str) -> bool:
        """Return whether a text holds a word by which a treatment may not have been given."""
        return self._withheld.search(text[:2000].replace("_", " ")) is not None

    def names_therapy(self, name: str) -> bool:
        """Return whether a text names any therapy that the vocabulary knows."""
        return bool(self._base.vocabulary.therapies_in(name)[0])

    def knows_therapy(self, name: str) -> bool:
        """Return whether the vocabulary knows all therapies that a text names."""
        return not self._base.vocabulary.therapies_in(name)[1]

    def disease(self, name: str) -> Disease | None:
        """Return the disease of this name in the vocabulary."""
        return self._base.vocabulary.disease(name)

    def is_whole_state(self, marker: Marker, text: str) -> bool:
        """Return whether a text says the same of a marker with whatever its end may lack."""
        meant = self.finding(marker, text)
        if meant is None or is_number(text) or (meant.change is not None and is_silent(meant.change)):
            return False
        known = self.known
        words = (*STATES, *known.nulls, *known.positive, *known.negative)
        return says_the_same(
            text, lambda one: self.finding(marker, one), (*words, *known.alterations, *known.abbreviations)
        )

    def is_whole_disease(self, text: str) -> bool:
        """Return whether a text names a disease, and not the beginning of the name of another."""
        return says_the_same(text, self.disease, self._base.vocabulary.disease_spellings())

    def is_whole_treatment(self, text: str) -> bool:
        """Return whether a text names therapies that are known, the last not by the beginning of a name."""
        names = self.therapies(text)
        spellings = self._base.vocabulary.therapy_spellings()
        known = bool(names) and all(map(self.knows_therapy, names))
        return known and says_the_same(names[-1], self._therapies_in, spellings)

    def _therapies_in(self, text: str) -> list[Therapy] | None:
        """The therapies in a text; None where it names any other."""
        known, unknown = self._base.vocabulary.therapies_in(text)
        return None if unknown else known

    def same_disease(self, one: str, other: str) -> bool:
        """Return whether two names stand for one disease."""
        known = self.disease(one)
        return fold(one) == fold(other) or (known is not None and known == self.disease(other))

    def is_disputed(self, text: str) -> bool:
        """Return whether a cell that holds no value reports that its sources disagree."""
        return fold(text) in self._folded(self.known.disputed)

    def agreed_disease(self, cells: Iterable[str]) -> tuple[str | None, bool]:
        """Return the disease in several cells about one tumour, by the first, and whether they agree.

        Names that do not agree are all stated together, so that the tumour counts as none of them. A general
        name behind another one, and a name that is not known, contradicts nothing.
        """
        general = self._folded(self.known.general_diseases)
        stated: list[str] = []
        known: dict[str, str] = {}
        for text in cells:
            if self.is_disputed(text):
                return text.strip()[:400], False
            value = self.value(text)
            disease = self.disease(value) if value else None
            stated += [value] if value else []
            if disease is not None and not (known and fold(disease.id) in general):
                known.setdefault(disease.id, value)
        if len(known) > 1:
            return " or ".join(value[:90] for value in known.values()), False
        return (stated[0] if stated else None), True

    @cached_property
    def assay_words(self) -> re.Pattern[str]:
        """The words of an assay's label that name no marker, the longest first."""
        return _any_word(sorted(self.known.assay_words, key=len, reverse=True))

    def is_reference(self, text: str) -> bool:
        """Return whether a text names a kind of sample that is not a tumour."""
        return self._reference.search(text) is not None

    def therapy(self, names: list[str]) -> str:
        """Return the first of several names of one treatment that the vocabulary knows, else the first."""
        said = [name for name in names if name]
        known = [name for name in said if self.knows_therapy(name)]
        return (known or said)[0]

    def failed(self, *texts: str) -> bool | None:
        """Return whether a response, or a reason to stop, means that a treatment failed; None where unclear.

        It may be named in several ways, such as by its label and its id. Remarks in brackets and words that
        only say how it was found do not count.
        """
        for text in texts:
            if "?" in text:
                return None
            plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
            for name in (text, plain, self._qualifiers.sub(" ", plain)):
                if fold(name) in self._folded(self.known.failure):
                    return True
                if fold(name) in self._folded(self.known.no_failure):
                    return False
        return None


def _code(text: str) -> str:
    """An id of a terminology as it is compared: without the address or the edition of the terminology."""
    name = text.rpartition("/")[2].casefold()
    return fold(re.sub(r"^(?:snomed|sct)[^:]*:", "snomed:", re.sub(r"^icd-?10[^:]*:", "icd10:", name)))


def _any_word(words: Iterable[str]) -> re.Pattern[str]:
    """Return the expression for any of the words, each as a whole word in any case."""
    either = "|".join(map(re.escape, words)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
