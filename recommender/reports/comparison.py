"""Two answers compared for a reader: the ranking before and after, and what else changed."""

from typing import NamedTuple

from ..knowledge.base import KnowledgeBase
from ..result.model import Result
from ..result.recommendation import Recommendation
from ..whatif import Effect, effect
from .screenful import ShortTexts


class RankChange(NamedTuple):
    """An add-on before and after; a rank is None where it is not ranked."""

    now: int | None
    before: int | None
    add_on: str
    why: str
    """The reason, where one changed: the finding, the group, the score."""


class Comparison(NamedTuple):
    """The changes of a ranking, and those of what surrounds it, in words."""

    ranking: tuple[RankChange, ...]
    others: tuple[tuple[str, str], ...]
    """A heading and what changed under it."""

    def __bool__(self) -> bool:
        """Return True where anything changed."""
        return any(one.now != one.before or one.why for one in self.ranking) or bool(self.others)

    def in_short(self) -> str:
        """Return what happened to the ranking, as a line."""
        new = [f"{one.add_on} (rank {one.now})" for one in self.ranking if one.before is None]
        gone = [one.add_on for one in self.ranking if one.now is None]
        stay = [(one.now, one.before) for one in self.ranking if one.now and one.before]
        up = sum(now < before for now, before in stay)
        down = sum(now > before for now, before in stay)
        said = [f"New: {', '.join(new)}."] if new else []
        said += [f"No longer ranked: {', '.join(gone)}."] if gone else []
        said += [f"{up} moved up."] if up else []
        said += [f"{down} moved down."] if down else []
        if not said:
            said = ["No rank changes; scores or groups do." if self else "Nothing changes in this answer."]
        return " ".join(said)


def comparison(before: Result, after: Result, base: KnowledgeBase) -> Comparison:
    """Return what changed between two answers of `base`."""
    old, new = ShortTexts(before, base), ShortTexts(after, base)
    were = {one.id: one for one in before.recommendations}
    are = {one.id: one for one in after.recommendations}
    ranking = [_change(were.get(one.id), one, old, new) for one in after.recommendations]
    ranking += [
        RankChange(
            None,
            one.rank,
            f"{old.name(one)} {one.place}",
            f"was selected by {old.why(one)}" if one.group == "selected" else "",
        )
        for one in before.recommendations
        if one.id not in are
    ]
    return Comparison(tuple(ranking), tuple(_others(effect(before, after), base, new)))


def _change(was: Recommendation | None, one: Recommendation, old: ShortTexts, new: ShortTexts) -> RankChange:
    name = f"{new.name(one)} {one.place}"
    if was is None:
        return RankChange(one.rank, None, name, new.why(one))
    said = []
    if was.group != one.group:
        said.append(f"now {new.group(one)}")
    if old.why(was) != new.why(one):
        said.append(new.why(one))
    if was.score != one.score:
        said.append(f"score {was.score:.1f} → {one.score:.1f}")
    gone = {caution.id for caution in was.cautions} ^ {caution.id for caution in one.cautions}
    if was.score_parts.penalty != one.score_parts.penalty and gone:
        either = {caution.id: caution.flag or caution.id for caution in (*was.cautions, *one.cautions)}
        said.append(", ".join(either[found] for found in sorted(gone)))
    return RankChange(one.rank, was.rank, name, "; ".join(said))


def _others(found: Effect, base: KnowledgeBase, words: ShortTexts) -> list[tuple[str, str]]:
    titles = {rule.id: rule.title for rule in base.rules.values()}

    def named(ids: tuple[str, ...]) -> list[str]:
        return [titles.get(one.split(" ")[0], one) for one in ids]

    states = [tuple(one.rsplit(" ", 1)) for one in (*found.derived_enters, *found.derived_leaves)]
    implied = [words.state(fact, state) for fact, state in states]
    entered = len(found.derived_enters)
    return [
        *(("Newly implied", one) for one in implied[:entered]),
        *(("No longer implied", one) for one in implied[entered:]),
        *(("New context", one) for one in named(found.context_enters)),
        *(("Context gone", one) for one in named(found.context_leaves)),
        *(("New caution", one) for one in named(found.cautions_enter)),
        *(("Caution gone", one) for one in named(found.cautions_leave)),
        *(("Now blocked", one) for one in named(found.decided)),
        *(("Now undecided", one) for one in named(found.opened)),
    ]
