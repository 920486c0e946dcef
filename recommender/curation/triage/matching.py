"""Which rules new papers may support, contradict or extend, by their words, and which to read first."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

from ..._errors import InputError, Problem
from ...knowledge.base import KnowledgeBase
from ..papers import Paper, doi_key, title_key
from .directions import SentenceWords, names_an_effect, read_sentence
from .rule_terms import RuleTerms, terms_of_rules
from .words import Lexicon, WordKind

MayRelate = Literal["contradict", "support", "extend"]
MAY_RELATE: tuple[MayRelate, ...] = get_args(MayRelate)
PaperPart = Literal["title", "abstract", "keywords"]
Agreement = Literal["opposite", "denied", "same"]
ReadingGroup = Literal["contradict", "thin", "support", "extend", "known", "repeated", "unmatched"]
READING_ORDER: tuple[ReadingGroup, ...] = get_args(ReadingGroup)
"""In the order of reading."""
Thing = tuple[WordKind, str]


class TermFound(NamedTuple):
    """A name of the vocabulary in a paper: as first written there, and where."""

    kind: WordKind
    name: str
    written: str
    places: tuple[PaperPart, ...]


class RuleMatch(NamedTuple):
    """A rule that a paper may be about, the directions that its words name, and the terms."""

    rule: str
    title: str
    relation: MayRelate
    thin: bool
    other_tumour: bool
    directions: tuple[tuple[PaperPart, Agreement], ...]
    terms: tuple[TermFound, ...]
    claims: tuple[str, ...]


class Triaged(NamedTuple):
    """A paper, its group, and the rules that it may be about, those to be compared first at the beginning.

    `known_as` names the paper of the rule base, or the earlier record, that it is.
    """

    paper: Paper
    group: ReadingGroup
    known_as: str
    matches: tuple[RuleMatch, ...]


class _Text(NamedTuple):
    """A paper as its words were found."""

    things: dict[Thing, tuple[str, dict[PaperPart, None]]]
    sentences: list[tuple[PaperPart, SentenceWords]]


def triage(base: KnowledgeBase, papers: Iterable[Paper]) -> list[Triaged]:
    """Return the papers in the order of reading. Raises InputError for a rule base without words for it."""
    return Matcher(base).ordered(papers)


class Matcher:
    """The rules of a base, compiled to be compared with papers. Raises InputError as `triage`."""

    def __init__(self, base: KnowledgeBase) -> None:
        words = base.content.triage
        if words is None:
            raise InputError([Problem("", "these rules have no section triage.", "Use the shipped rules.")])
        self._base, self._lexicon = base, Lexicon(base, words)
        self._rules = terms_of_rules(base, words, self._lexicon)
        self._by_thing: dict[Thing, list[int]] = {}
        for at, rule in enumerate(self._rules):
            things: list[Thing] = [*rule.leads, *(("marker", symbol) for symbol in rule.markers)]
            if not things:
                things = [("therapy", name) for name in self._under(rule.therapies)]
            for thing in things:
                self._by_thing.setdefault(thing, []).append(at)
        scope = {
            one.id
            for one in base.vocabulary.diseases.values()
            if one.in_scope or one.counts_as_scope_evidence
        }
        self._in_scope = scope
        self._dois: dict[str, str] = {}
        self._pmids: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        papers = [(one, one.id) for one in base.references.values()]
        for one, name in [*papers, *((other.paper, other.id) for other in base.content.other_evidence)]:
            for doi in (one.doi or "", one.doi_as_printed):
                self._dois.setdefault(doi_key(doi), name)
            self._pmids.setdefault(one.pmid or "", name)
            self._titles.setdefault(title_key(one.title), name)
        for source in base.sources.values():
            self._dois.setdefault(doi_key(source.doi or ""), source.id)
            self._titles.setdefault(title_key(source.title), source.id)
        for index in (self._dois, self._pmids, self._titles):
            index.pop("", None)

    def _under(self, therapies: tuple[str, ...]) -> list[str]:
        vocabulary = self._base.vocabulary
        return [
            name for name in vocabulary.therapies if therapies and vocabulary.falls_under(name, therapies)
        ]

    def ordered(self, papers: Iterable[Paper]) -> list[Triaged]:
        """Return the papers in the order of reading."""
        seen: dict[str, str] = {}
        found = [self._triaged(paper, seen) for paper in papers]
        return sorted(found, key=_order)  # stable: else as in the files

    def _triaged(self, paper: Paper, seen: dict[str, str]) -> Triaged:
        keys = [f"doi {paper.doi}"] if paper.doi else []
        keys += [f"pmid {paper.pmid}"] if paper.pmid else []
        keys += [f"title {title_key(paper.title)}"] if title_key(paper.title) else []
        earlier = next((seen[key] for key in keys if key in seen), None)
        for key in keys:
            seen.setdefault(key, f"{paper.file}:{paper.line}")
        if (known := self._known(paper)) is not None:
            return Triaged(paper, "known", known, ())
        if earlier is not None:
            return Triaged(paper, "repeated", earlier, ())
        matches = self._matches(self._text(paper))
        if not matches:
            return Triaged(paper, "unmatched", "", ())
        return Triaged(paper, _group(matches), "", tuple(matches))

    def _known(self, paper: Paper) -> str | None:
        """The paper of the rule base that this is; a title does not outweigh another DOI."""
        found = self._dois.get(paper.doi) or self._pmids.get(paper.pmid)
        if found is None and (found := self._titles.get(title_key(paper.title))) is not None and paper.doi:
            return None if found in self._dois.values() else found
        return found

    def _text(self, paper: Paper) -> _Text:
        text = _Text({}, [])
        parts: tuple[tuple[PaperPart, tuple[str, ...]], ...] = (
            ("title", (paper.title,)),
            ("abstract", (paper.abstract,)),
            ("keywords", paper.keywords),
        )
        for place, pieces in parts:
            for piece in pieces:
                for hits in self._lexicon.sentences(piece):
                    for hit in hits:
                        for one in hit.meanings:
                            text.things.setdefault((one.kind, one.key), (hit.text, {}))[1][place] = None
                    if place != "keywords" and names_an_effect(hits):
                        text.sentences.append((place, read_sentence(hits)))
        return text

    def _matches(self, text: _Text) -> list[RuleMatch]:
        asked = sorted({at for thing in text.things for at in self._by_thing.get(thing, ())})
        found = [match for at in asked if (match := self._match(self._rules[at], text)) is not None]
        return sorted(found, key=lambda one: (MAY_RELATE.index(one.relation), not one.thin, -len(one.terms)))

    def _match(self, terms: RuleTerms, text: _Text) -> RuleMatch | None:
        vocabulary = self._base.vocabulary
        therapies = [
            thing
            for thing in text.things
            if thing[0] == "therapy" and terms.therapies and vocabulary.falls_under(thing[1], terms.therapies)
        ]
        leads = [thing for thing in terms.leads if thing in text.things]
        markers: list[Thing] = [("marker", name) for name in terms.markers if ("marker", name) in text.things]
        ferroptosis = [thing for thing in text.things if thing[0] == "ferroptosis"][:1]
        if not _is_about(terms, leads, markers, therapies, ferroptosis):
            return None
        diseases = [thing for thing in text.things if thing[0] == "disease"]
        elsewhere = bool(diseases) and not any(key in self._in_scope for _, key in diseases)
        directions = tuple(dict.fromkeys(self._directions(terms, text)))
        named = [*leads, *markers, *therapies, *ferroptosis]
        shown = [self._term(thing, text) for thing in dict.fromkeys(named)]
        relation = _relation({direction for _, direction in directions}, elsewhere=elsewhere)
        rule = terms.rule
        return RuleMatch(
            rule.id, rule.title, relation, terms.thin, elsewhere, directions, tuple(shown), terms.claims
        )

    def _term(self, thing: Thing, text: _Text) -> TermFound:
        kind, key = thing
        written, places = text.things[thing]
        name = key
        if kind == "therapy":
            name = self._base.vocabulary.therapies[key].name
        elif kind == "add-on":
            name = self._base.add_ons[key].name
        elif kind in ("agent", "ferroptosis"):
            name = written
        return TermFound(kind, name, written, tuple(places))

    def _directions(self, terms: RuleTerms, text: _Text) -> Iterable[tuple[PaperPart, Agreement]]:
        """The directions that sentences name for the rule."""
        for place, sentence in text.sentences:
            if not sentence.effect or self._is_of_another(terms, sentence):
                continue
            for sign in _signs(terms, sentence):
                if not sentence.denied:
                    yield place, "same" if sign > 0 else "opposite"
                elif sign > 0:
                    yield place, "denied"

    def _is_of_another(self, terms: RuleTerms, sentence: SentenceWords) -> bool:
        """Return whether a sentence names therapies, and none of them is one of the rule."""
        named = [key for kind, key in sentence.things if kind == "therapy"]
        under = self._base.vocabulary.falls_under
        return bool(named and terms.therapies) and not any(under(key, terms.therapies) for key in named)


def _is_about(
    terms: RuleTerms,
    leads: Sequence[Thing],
    markers: Sequence[Thing],
    therapies: Sequence[Thing],
    ferroptosis: Sequence[Thing],
) -> bool:
    """Return whether a paper names enough of a rule: never one name alone."""
    match terms.kind:
        case "strategy":
            return bool(leads and (therapies or ferroptosis)) or bool(markers and therapies and ferroptosis)
        case "mechanism":
            return bool(markers and ferroptosis)
        case _:
            partner = therapies if terms.therapies else ferroptosis
            if terms.leads or terms.markers:
                return bool((leads or (markers and not terms.leads)) and partner)
            return bool(terms.kind == "context" and therapies and ferroptosis)


def _signs(terms: RuleTerms, sentence: SentenceWords) -> Iterable[int]:
    """For each thing of the rule in a sentence whether the effect agrees with the rule (+1) or not (-1)."""
    agents = [thing for thing in terms.leads if thing[0] != "marker" and thing in sentence.things]
    for thing in agents:
        if terms.leads[thing]:
            yield sentence.effect * terms.leads[thing]
    if agents:
        return
    expected = {key: sign for (kind, key), sign in terms.leads.items() if kind == "marker"} | terms.markers
    for symbol, level in sentence.levels.items():
        if sign := expected.get(symbol, 0) * level * sentence.effect:
            yield sign


def _relation(directions: set[Agreement], *, elsewhere: bool) -> MayRelate:
    if directions & {"opposite", "denied"}:
        return "contradict"
    return "support" if "same" in directions and not elsewhere else "extend"


def _group(matches: Sequence[RuleMatch]) -> ReadingGroup:
    if matches[0].relation == "contradict":
        return "contradict"
    if any(one.thin for one in matches if one.relation == matches[0].relation):
        return "thin"
    return "support" if matches[0].relation == "support" else "extend"


def _order(one: Triaged) -> tuple[int, int, int, int]:
    """Groups first; within one, papers whose words name a direction, in the title, for much of a rule."""
    best = min((MAY_RELATE.index(match.relation) for match in one.matches), default=0)
    in_title = any("title" in term.places for match in one.matches[:1] for term in match.terms)
    most = max((len(match.terms) for match in one.matches), default=0)
    return READING_ORDER.index(one.group), best, -int(in_title), -most
