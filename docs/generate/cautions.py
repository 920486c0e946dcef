"""The cautions of each add-on as one page of Markdown, for a reader who checks them."""

from collections.abc import Iterable

from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.models import AddOn
from recommender.knowledge.phrasing import in_words
from recommender.knowledge.rule_models import GRADES, CautionRule, StrategyRule
from recommender.ranking.suggestions import applies
from recommender.views.escaping import in_markdown
from recommender.views.rule_pages import WARNING

HEAD = """\
Made from `rules/` by `make docs`. Do not edit.

Every caution that an add-on can get, the gravest first. A caution of the last column is replaced
wherever both would be put on the add-on."""


def cautions_page(base: KnowledgeBase) -> str:
    """Return a table for each add-on that a strategy names: its cautions, their grade, and when they hold."""
    given = _partners(base)
    lines = ["# Cautions by add-on", "", WARNING, "", HEAD, ""]
    for add_on in sorted(base.content.add_ons, key=lambda one: one.name.casefold()):
        if add_on.id in given:
            lines += [f"## {in_markdown(add_on.name)}", "", *_on_add_on(add_on, given[add_on.id], base), ""]
    return "\n".join([*lines, *_on_therapies(base)])


def _on_therapies(base: KnowledgeBase) -> Iterable[str]:
    """Yield a table of the cautions on therapies themselves, the gravest first."""
    yield from ("## On the therapy itself", "")
    yield from ("Each is stated once for its therapy and changes no score and no rank.", "")
    yield from _table(base.therapy_cautions.values(), base)
    yield ""


def _partners(base: KnowledgeBase) -> dict[str, set[str]]:
    """The therapies with which a strategy can suggest each add-on."""
    known, falls_under = base.vocabulary.therapies, base.vocabulary.falls_under
    found: dict[str, set[str]] = {}
    for rule in base.content.rules:
        if isinstance(rule, StrategyRule):
            partners = {one for one in known if falls_under(one, rule.therapies)}
            found.setdefault(rule.add_on, set()).update(partners)
    return found


def _on_add_on(add_on: AddOn, partners: set[str], base: KnowledgeBase) -> Iterable[str]:
    holding = [rule for rule in base.cautions if any(applies(rule, add_on, one, base) for one in partners)]
    return _table(holding, base) if holding else ["No caution."]


def _table(rules: Iterable[CautionRule], base: KnowledgeBase) -> Iterable[str]:
    """Yield the lines of a table of cautions, the gravest first."""
    yield from ("| grade | caution | holds | replaces |", "|---|---|---|---|")
    for rule in sorted(rules, key=lambda one: -GRADES.index(one.grade)):
        yield _row(rule, base)


def _row(rule: CautionRule, base: KnowledgeBase) -> str:
    sharpened = ", ".join(f"`{one}`" for one in rule.sharpens) or "–"
    held = f", held back: {rule.holds_back}" if rule.holds_back else ""
    said = f"`{rule.id}` {in_markdown(rule.flag)}"
    return f"| {rule.grade}{held} | {said} | {in_markdown(_condition(rule, base))} | {sharpened} |"


def _condition(rule: CautionRule, base: KnowledgeBase) -> str:
    names = [base.vocabulary.therapies[one].name for one in rule.partner]
    parts = [f"with {' or '.join(names)}"] if names else []
    parts += [in_words(rule.when)] if rule.when else []
    return "; ".join(parts) or "always"
