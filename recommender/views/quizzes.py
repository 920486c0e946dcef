"""A quiz in a terminal and as Markdown: questions, answers with their proof, and the sheet."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from .._label import DISCLAIMER, LABEL
from .._text import printable
from ..reports.quiz import Graded, Quiz, QuizQuestion
from .blocks import cited_line
from .entries import DIM, Entries, no_wider
from .escaping import doi_url, in_markdown
from .screen import Screen
from .table import labelled_page


def question_text(quiz: Quiz, question: QuizQuestion, screen: Screen) -> str:
    """Return a question with its options, under the label."""
    head = f"Question {question.number} of {len(quiz.questions)}"
    case: list[RenderableType] = []
    if question.number == 1:
        case = [Text(printable(quiz.title), "bold"), *_findings(quiz), ""]
    return _page(head, [*case, *_asked(question)], screen)


def answer_text(question: QuizQuestion, letter: str, screen: Screen) -> str:
    """Return whether an answer is right, and the proof."""
    return screen.text(Group(*no_wider([_verdict(question, letter), _proof(question), Text("")])))


def score_text(result: Graded, screen: Screen) -> str:
    """Return the score at the end of a quiz, under the label."""
    said = [Text(result.in_words(), "bold"), Text("Nothing is stored or sent.", DIM)]
    return _page("Your score", said, screen)


def sheet_text(quiz: Quiz, packs: str, screen: Screen) -> str:
    """Return all questions, and the key at the end."""
    asked: list[RenderableType] = [*_findings(quiz), Text(printable(packs)) if packs else "", ""]
    for question in quiz.questions:
        asked += [*_asked(question, f"{question.number}. "), ""]
    key: list[RenderableType] = []
    for question in quiz.questions:
        key += [Text.assemble((f"{question.number}. ", "bold"), _right(question)), _proof(question), ""]
    title = f"Quiz: {quiz.title}"
    return f"{_page(title, asked, screen)}\n{_page('Key', key, screen)}"


def _page(title: str, parts: Iterable[RenderableType], screen: Screen) -> str:
    return labelled_page(title, "", *no_wider(parts), screen=screen).rstrip() + "\n"


def _findings(quiz: Quiz) -> list[Text]:
    return [Text(printable(f"Measured: {', '.join(quiz.findings)}"), DIM)] if quiz.findings else []


def _asked(question: QuizQuestion, mark: str = "") -> Iterable[RenderableType]:
    yield Text(printable(f"{mark}{question.text}"), "bold")
    if question.about:
        yield Text(printable(question.about), DIM)
    entries = Entries(2, 3)
    for option in question.options:
        entries.add(option.letter, Text(printable(option.text)), "bold magenta")
    yield from ("", entries)


def _verdict(question: QuizQuestion, letter: str) -> Text:
    if letter == question.answer:
        return Text.assemble(("Right. ", "bold green"), _right(question))
    return Text.assemble(("Not right. " if letter else "No answer. ", "bold red"), _right(question))


def _right(question: QuizQuestion) -> str:
    return printable(f"It is {question.answer}: {question.right}")


def _proof(question: QuizQuestion) -> Entries:
    entries = Entries(2, 7)
    entries.add("Why", Text(printable(question.explanation)))
    for line in question.proof:
        entries.add("Proof", Text(printable(line)))
    for one in question.references:
        entries.add(f"[{one.number}]" if one.number else "Source", Text(printable(cited_line(one))))
    return entries


def sheet_markdown(quiz: Quiz, packs: str) -> str:
    """Return all questions as Markdown, and the key behind a page break."""
    lines = [f"# Quiz: {in_markdown(quiz.title)}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += [f"Measured: {in_markdown(', '.join(quiz.findings))}", ""] if quiz.findings else []
    lines += [in_markdown(packs), ""] if packs else []
    for question in quiz.questions:
        lines += [f"## {question.number}. {in_markdown(question.text)}", ""]
        lines += [f"*{in_markdown(question.about)}*", ""] if question.about else []
        lines += [f"- [ ] **{one.letter}** {in_markdown(one.text)}" for one in question.options] + [""]
    lines += ['<div style="break-before: page"></div>', "", "# Key", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    for question in quiz.questions:
        lines += [f"{question.number}. **{question.answer}** {in_markdown(question.right)}", ""]
        lines += [f"   {in_markdown(question.explanation)}", ""]
        lines += [f"   - {in_markdown(line)}" for line in question.proof]
        for one in question.references:
            link = f" [doi:{in_markdown(one.doi)}]({doi_url(one.doi)})" if one.doi else ""
            mark = f"\\[{one.number}\\] " if one.number else ""
            lines.append(f"   - {mark}{in_markdown(f'{one.citation} {one.title}.')}{link}")
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"
