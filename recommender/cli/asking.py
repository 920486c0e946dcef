"""Questions in a terminal, with the names of the vocabulary behind the Tab key."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from .._errors import InputError, Problem
from ..interview import Answers, checked_disease, checked_finding, checked_mutation, checked_therapy
from ..knowledge.base import KnowledgeBase
from ..result import LABEL
from ..views import tell

Check = Callable[[str, KnowledgeBase], str]
Offer = Callable[[str], Iterable[str]]
_OFFERED = 200


def interview(base: KnowledgeBase) -> Answers:
    """Ask for a profile, one answer after the other; an empty answer leaves a thing unknown.

    Raises InputError where the input ends early.
    """
    vocabulary = base.vocabulary

    def findings(begun: str) -> Iterable[str]:
        name, equals, _ = begun.partition("=")
        marker = vocabulary.marker(name)
        if equals and marker is not None:
            return [f"{name}={state}" for state in vocabulary.states_of(marker)]
        return [f"{spelling}=" for spelling in vocabulary.marker_spellings()]

    def nothing(begun: str) -> Iterable[str]:  # noqa: ARG001
        return ()

    tell(f"{LABEL}, not for treatment decisions.")
    tell("A marker that you do not give is unknown. Tab completes, an empty line goes on.")
    return Answers(
        id=_one("Name of the case", nothing),
        disease=_one("Disease", lambda _: vocabulary.disease_spellings(), checked_disease, base),
        therapies=_several("Therapy", lambda _: vocabulary.therapy_spellings(), checked_therapy, base),
        resistant_to=_several(
            "Therapy that failed", lambda _: vocabulary.therapy_spellings(), checked_therapy, base
        ),
        mutations=_several(
            "Mutated gene, such as GENE p.X1Y",
            lambda _: vocabulary.marker_spellings(),
            checked_mutation,
            base,
        ),
        markers=_several("Finding as MARKER=STATE", findings, checked_finding, base),
        note=_one("Note", nothing),
    )


def _one(
    question: str, offer: Offer, check: Check | None = None, base: KnowledgeBase | None = None
) -> str | None:
    while answer := _ask(question, offer):
        against = check(answer, base) if check and base else ""
        if not against:
            return answer
        tell(against)
    return None


def _several(question: str, offer: Offer, check: Check, base: KnowledgeBase) -> tuple[str, ...]:
    given: list[str] = []
    while answer := _one(question if not given else f"{question} (another)", offer, check, base):
        given.append(answer)
    return tuple(given)


def _ask(question: str, offer: Offer) -> str:
    """One answer. The question goes to stdout only where both ends are a terminal, for line editing."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        raise InputError([Problem("", "nobody can be asked here.", "Give the answers as options.")])
    with _completion(offer) as edits:
        try:
            if edits:
                return input(f"{question}: ").strip()
            sys.stderr.write(f"{question}: ")
            sys.stderr.flush()
            answer = sys.stdin.readline()
            if not answer:
                raise EOFError
            return answer.strip()
        except EOFError:
            raise InputError([Problem("", f"the input ended before '{question}' was answered.")]) from None


@contextmanager
def _completion(offer: Offer) -> Iterator[bool]:
    """Let the Tab key complete what `offer` returns; gives whether there is a terminal that edits lines."""
    try:
        import readline
    except ImportError:  # not on every system
        yield False
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield False
        return

    def complete(begun: str, state: int) -> str | None:
        names = sorted({name for name in offer(begun) if name.casefold().startswith(begun.casefold())})
        return names[state] if state < min(len(names), _OFFERED) else None

    before, delimiters = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(complete)
    readline.set_completer_delims("\n")
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield True
    finally:
        readline.set_completer(before)
        readline.set_completer_delims(delimiters)
