"""Protein changes as files write them: what is one, and which leave the protein as it is."""

import re  # patterns are compiled where they are needed first, as most profiles need none

_RESIDUE = r"(?:[A-Z][a-z]{2}|[A-Z*])"
_SITE = rf"{_RESIDUE}{{0,100}}-?[1-9]\d{{0,5}}"
_EVENT = r"(?:fs|del|dup|ins|ext|trunc|inv|_?splice)[A-Za-z0-9*_?>]{0,200}"
_BODY = (
    rf"{_SITE}(?:_{_SITE})?"
    rf"(?:{_RESIDUE}{{0,100}}{_EVENT}|{_RESIDUE}{{0,100}}>{_RESIDUE}{{1,100}}|{_RESIDUE}{{1,100}}|=|\?)"
)
_CHANGE = rf"(?:p\.)?{_BODY}|p\.[0=]"
_PLAIN = r"p\.([A-Z](?:[a-z]{2})?)[1-9]\d{0,5}([A-Z](?:[a-z]{2})?|\*|fs)"
"""The form that most changes have; it is much sooner compiled than all that can be one."""

_ALONE = r"p\.\S+|[A-Z]\d{2,}(?:[A-Z*=]|(?:fs|del|dup|ins|_)\S*)"
_CODING = r"c\.\d+(?:[+-][12])?(?:_\d+(?:[+-][12])?)?(?:[ACGT]*>[ACGT]+|(?:del|dup|ins|inv)[A-Za-z0-9]*)"
_WITH_PROTEIN = r"c\.[^()]{0,100}\((p\..{1,200})\)"
_SAME = rf"(?:p\.)?(?:{_SITE}(?:_{_SITE})?)?="
_ONE_SITE = rf"(?:p\.)?({_RESIDUE}+)\d+({_RESIDUE}+)"
_REPLACED = rf"(?:p\.)?\d+(?:_\d+)?({_RESIDUE}+)>({_RESIDUE}+)"
_REPUT = rf"(?:p\.)?({_RESIDUE})(\d+)(?:_({_RESIDUE})(\d+))?delins({_RESIDUE}+)"
"""Residues that are replaced by others; which they are is said of one or two."""

_ESCAPED = r"(?i)%(?:25)*([2-7][0-9a-f])|&#(?:0*61|x0*3d);|&equals;|\\u003d|＝"
_LETTERS = (
    "Ala:A Arg:R Asn:N Asp:D Cys:C Gln:Q Glu:E Gly:G His:H Ile:I Leu:L Lys:K Met:M Phe:F Pro:P Ser:S Thr:T "
    "Trp:W Tyr:Y Val:V Ter:* Sec:U"
)
"""The notation of amino acids: three letters and one."""

_LETTER = dict(re.findall(r"(\w{3}):(\S)", _LETTERS))


def split_mutation(text: str) -> tuple[str, str]:
    """Return the gene in a text such as `GENE p.Change`, and what is said of it, which may be nothing.

    >>> split_mutation("TP53:p.R249S"), split_mutation("TP53")
    (('TP53', 'p.R249S'), ('TP53', ''))
    """
    gene, *rest = re.split(r"\s+|:(?=[pcgnm]\.)", text.strip(), maxsplit=1)
    return gene, "".join(rest).strip()


def is_change(text: str) -> bool:
    """Return whether a text names a change of a protein, or of the sequence that codes for it."""
    return protein_change(text) is not None or coding_change(text)


def protein_change(text: str) -> str | None:
    """Return the change of a protein that a text names, without its transcript, or None.

    Where a cell names the change in several transcripts, it is the first that is not silent; a cell
    of which any part is not understood names none.

    >>> protein_change("ENSP00000171111.5:p.Leu320%3D")
    'p.Leu320='
    >>> protein_change("wild-type (exons 2-6)")
    """
    if re.fullmatch(_PLAIN, text):
        return text
    parts = [part for part in re.split(r"[,;|]", re.sub(_ESCAPED, _plain, text)) if part.strip()]
    found = [_change(part) for part in parts]
    named = [change for change in found if change is not None]
    if not named or len(named) < len(found):
        return None
    return next((change for change in named if not is_silent(change)), named[0])


def usual_form() -> re.Pattern[str]:
    """Return the expression for the form that most changes have."""
    return re.compile(_PLAIN)


def stands_alone(text: str) -> bool:
    """Return whether a text can only be a change, also where a grade, a stage or a score may be meant."""
    return re.fullmatch(_ALONE, text) is not None and protein_change(text) is not None


def coding_change(text: str) -> bool:
    """Return whether a text names a change of the coding sequence or of a splice site (`c.747G>T`)."""
    return re.fullmatch(_CODING, text.rpartition(":")[2].strip()) is not None


def is_silent(change: str) -> bool:
    """Return whether a change leaves the protein as it is.

    >>> [is_silent(change) for change in ("p.L320=", "p.(Leu320L)", "p.R249_L250delinsRL", "p.L320P")]
    [True, True, True, False]
    """
    plain = re.fullmatch(_PLAIN, change)
    if plain is not None:
        return _LETTER.get(plain[1], plain[1]) == _LETTER.get(plain[2], plain[2])
    text = _bare(re.sub(_ESCAPED, _plain, change).strip())
    if re.fullmatch(_SAME, text):
        return True
    same = re.fullmatch(_REPUT, text)
    if same is not None and (same[4] is None or int(same[4]) == int(same[2]) + 1):
        return _letters(same[1] + (same[3] or "")) == _letters(same[5])
    sides = re.fullmatch(_ONE_SITE, text) or re.fullmatch(_REPLACED, text)
    return sides is not None and _letters(sides[1]) == _letters(sides[2])


def _change(part: str) -> str | None:
    value = part.strip()
    inner = re.search(_WITH_PROTEIN, value)
    value = inner[1] if inner else value.rpartition(":")[2].strip()
    return value if re.fullmatch(_CHANGE, _bare(value)) else None


def _bare(text: str) -> str:
    """A change without the brackets of what was predicted and not seen."""
    return re.sub(r"^\((.*)\)$|^p\.[(\[](.*)[)\]]$", lambda found: found[1] or f"p.{found[2]}", text)


def _plain(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else "="


def _letters(residues: str) -> str:
    """Amino acids by one letter each."""
    return "".join(_LETTER.get(one, one) for one in re.findall(r"[A-Z][a-z]{2}|[A-Z*]", residues))
