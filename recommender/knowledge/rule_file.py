"""A rule file as a whole, with all of its sections: what no answer needs is imported with it."""

from .claim_models import Claim, UnusedReference
from .corroboration_models import Corroboration
from .import_models import Importing
from .map_models import MachineryMap
from .models import (
    AddOn,
    AmbiguousAlias,
    AuditFinding,
    DerivedFact,
    Disease,
    EvidenceLevel,
    Marker,
    MarkerKind,
    Reference,
    RuleBaseInfo,
    Therapy,
)
from .other_evidence_models import OtherEvidence
from .quote_models import SealedQuote, UnsealedRule
from .ranking_models import Ranking
from .reading_models import AnotherReading
from .records import Record
from .rule_models import Rule
from .screening_models import Screening, ScreenTable
from .search_models import Search
from .source_models import CitedSource
from .triage_models import TriageWords


class RuleFile(Record):
    """One file of a rule base, or all its files merged: any of these sections."""

    rule_base: RuleBaseInfo | None = None
    diseases: tuple[Disease, ...] = ()
    marker_kinds: tuple[MarkerKind, ...] = ()
    markers: tuple[Marker, ...] = ()
    ambiguous_aliases: tuple[AmbiguousAlias, ...] = ()
    therapies: tuple[Therapy, ...] = ()
    add_ons: tuple[AddOn, ...] = ()
    derived_facts: tuple[DerivedFact, ...] = ()
    references: tuple[Reference, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    audit: tuple[AuditFinding, ...] = ()
    evidence_levels: tuple[EvidenceLevel, ...] = ()
    ranking: Ranking | None = None
    importing: Importing | None = None
    map: MachineryMap | None = None
    claims: tuple[Claim, ...] = ()
    unused_references: tuple[UnusedReference, ...] = ()
    screening: Screening | None = None
    screen_tables: tuple[ScreenTable, ...] = ()
    corroboration: tuple[Corroboration, ...] = ()
    other_evidence: tuple[OtherEvidence, ...] = ()
    searches: tuple[Search, ...] = ()
    triage: TriageWords | None = None
    reading: AnotherReading | None = None
    quotes: tuple[SealedQuote, ...] = ()
    without_quote: tuple[UnsealedRule, ...] = ()
    rules: tuple[Rule, ...] = ()
