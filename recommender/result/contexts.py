"""What concerns a therapy apart from any add-on: cautions on it, and contexts that lack a finding."""

from collections.abc import Iterable

from ..evaluation.facts import Facts
from ..evaluation.gaps import OpenContext
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import GRADES, CautionRule
from ..ranking.suggestions import partners
from .outlook import UndecidedContext
from .parts import Match
from .recommendation import TherapyCaution
from .wording import asked_for, match_view, missing_sets


def therapy_cautions(facts: Facts, proofs: Proofs, base: KnowledgeBase) -> tuple[TherapyCaution, ...]:
    """Return the cautions on the therapies given, the gravest first, then by id.

    One that another sharpens is left out for the therapies that both are about.
    """
    fired = [rule for name, rule in base.therapy_cautions.items() if name in proofs.rules]
    about = {rule.id: partners(rule.partner, facts.partners, base) for rule in fired}
    for rule in fired:
        for general in rule.sharpens:
            about[general] = [one for one in about.get(general, ()) if one not in about[rule.id]]
    fired.sort(key=lambda rule: (-GRADES.index(rule.grade), rule.id))
    return tuple(_caution(rule, about[rule.id], proofs, base) for rule in fired if about[rule.id])


def _caution(
    rule: CautionRule, therapies: Iterable[str], proofs: Proofs, base: KnowledgeBase
) -> TherapyCaution:
    return TherapyCaution(
        id=rule.id,
        therapies=tuple(base.vocabulary.therapies[one].name for one in therapies),
        text=rule.text,
        grade=rule.grade,
        flag=rule.flag,
        matched=tuple(match_view(met) for met in proofs.matched(rule.id) if met.atom.kind != "therapy"),
        references=rule.references,
        sources=(*(base.references[one].id for one in rule.references), *rule.sources),
        pack=base.pack_of.get(rule.id),
    )


def undecided_contexts(
    found: Iterable[OpenContext], facts: Facts, base: KnowledgeBase
) -> tuple[UndecidedContext, ...]:
    """Return contexts of which a finding is met and another was not measured, by id."""
    sources = facts.sources(base)
    entries = [
        UndecidedContext(
            id=one.rule.id,
            effect=one.rule.effect,
            text=one.rule.text,
            met=tuple(
                Match(marker=asked_for(atom), state=atom.state or atom.name, source=sources[atom])
                for atom in sorted(one.met)
            ),
            missing=missing_sets((one.missing,))[0],
            references=one.rule.references,
        )
        for one in found
        if not base.is_past(one.rule, facts.failed)
    ]
    return tuple(sorted(entries, key=lambda one: one.id))
