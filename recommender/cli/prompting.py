"""Questions in a terminal, with the names of the vocabulary behind the Tab key."""

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .._errors import InputError, Problem
from .._label import LABEL
from ..intake.interview import Answers, doubt, objection
from ..knowledge.base import KnowledgeBase
from .keyboard import asks_in_terminal
from .output import emit, tell

Offer = Callable[[str], Iterable[str]]
_OFFERED = 200


def interview(base: KnowledgeBase) -> Answers:
    """Collect a profile, one answer after the other; an empty answer leaves a part unknown.

    Only for the disease it stands for the one that the evidence is about. An unusable answer, alone or with
    those before it, is requested again. Raises InputError where the input ends early.
    """
    vocabulary = base.vocabulary
    offered = min((base.scope.name, *base.scope.synonyms), key=len)

    def findings(begun: str) -> Iterable[str]:
        name, equals, _ = begun.partition("=")
        marker = vocabulary.marker(name)
        if equals and marker is not None:
            return [f"{name}={state}" for state in vocabulary.states_of(marker)]
        return [f"{spelling}=" for spelling in vocabulary.marker_spellings()]

    several: list[tuple[str, str, Offer]] = [
        ("therapies", "Therapy", lambda _: vocabulary.therapy_spellings()),
        ("resistant_to", "Therapy that failed", lambda _: vocabulary.therapy_spellings()),
        ("mutations", "Mutated gene, such as GENE p.X1Y", lambda _: vocabulary.marker_spellings()),
        ("markers", "Finding as MARKER=STATE", findings),
    ]
    tell(f"{LABEL}, not for treatment decisions.")
    tell("A marker that you do not give is unknown. Tab completes a name, Enter continues.")
    answers = Answers(id=_ask("Name of the case", _nothing) or None)
    disease = _ask(f"Disease [{offered}; - for none]", lambda _: vocabulary.disease_spellings()) or offered
    if disease != "-":
        said = doubt(disease, base)
        if said:
            tell(said)
        answers = answers._replace(disease=disease)
    for field, question, offer in several:
        more = ""
        while answer := _ask(question + more, offer):
            against = objection(field, answer, answers, base)
            if against:
                tell(against)
            else:
                answers = answers.having(field, answer)
                more = " (another)"
    return answers._replace(note=_ask("Note", _nothing) or None)


def save(text: str, name: str) -> None:
    """Ask where to save a text, and save it there; a file that exists is replaced only after a question.

    `name` is offered. At the end of the input the text is printed, so that the answers are not lost.
    """
    while True:
        try:
            answer = _ask(f"Save as [{name}; - to print it]", _files) or name
            path = Path(answer)
            if answer != "-" and path.is_file():
                replace = _ask(f"{answer} exists. Overwrite it? [y/N]", _nothing)
                if replace.casefold() not in ("y", "yes"):
                    continue
        except InputError:
            answer = "-"
        if answer == "-":
            emit(text)
            return
        try:
            emit(text, path)
        except InputError as error:
            tell(str(error))
            continue
        tell(f"Saved. Next: recommender recommend {shlex.quote(answer)}")
        return


def _files(_: str) -> Iterable[str]:
    return [str(path) for path in Path().glob("*.json")]


def _nothing(_: str) -> Iterable[str]:
    return ()


def _ask(question: str, offer: Offer) -> str:
    """One answer. The question goes to stdout only where both ends are a terminal, for line editing."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        raise InputError([Problem("", "questions need a terminal.", "Give the answers as options.")])
    with _completion(offer) as edits:
        try:
            return (input if edits else _line)(f"{question}: ").strip()
        except EOFError:
            hint = "Answer in a terminal, or give the answers as options: recommender profile new --help"
            what = f"the input ended before '{question}' was answered."
            raise InputError([Problem("", what, hint)]) from None
        except UnicodeDecodeError:
            raise InputError([Problem("", f"the answer to '{question}' is not text in UTF-8.")]) from None


def _line(question: str) -> str:
    """Do what `input` does, with the question on stderr. Raises EOFError."""
    sys.stderr.write(question)
    sys.stderr.flush()
    if answer := sys.stdin.readline():
        return answer
    raise EOFError


@contextmanager
def _completion(offer: Offer) -> Iterator[bool]:
    """Let the Tab key complete what `offer` returns; yield True in a terminal that edits lines."""
    try:
        import readline
    except ImportError:  # not on every system
        yield False
        return
    if not asks_in_terminal():
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
