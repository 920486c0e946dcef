"""Check that sealed quotes fit the rules and the papers that they are about."""

from collections.abc import Iterator

from .._errors import Problem
from .placing import Placed
from .rule_file import RuleFile


def quote_faults(quotes: RuleFile, content: RuleFile, placed: Placed) -> Iterator[Problem]:
    """Yield what is wrong with the quotes of a rule base; a rule that is gone is found by the lint."""
    rules = {rule.id: rule for rule in reversed(content.rules)}
    sealed: dict[str, int] = {}
    for at, one in enumerate(quotes.quotes):
        first = sealed.setdefault(one.rule, at)
        if first != at:
            what = f"the rule {one.rule!r} has a quote already: see {placed.of('quotes', first)}."
            yield placed.problem("quotes", at, ("rule",), what)
        rule = rules.get(one.rule)
        if rule is not None and one.reference not in rule.references:
            yield placed.problem("quotes", at, ("reference",), "the rule does not cite this paper.")
        if one.offset + one.length > one.text_length:
            yield placed.problem("quotes", at, ("length",), "the sentence ends behind the text.")
    for at, other in enumerate(quotes.without_quote):
        if other.rule in sealed:
            yield placed.problem("without_quote", at, ("rule",), "the rule has a quote.")
