"""What is a change of a protein, and which are silent."""

import pytest
from support.generators import BASE

from recommender import Profile
from recommender.changes import coding_change, is_silent, protein_change, stands_alone
from recommender.evaluation.facts import facts_and_problems

CHANGES = [
    *(
        "p.R320Q",
        "R320Q",
        "p.Arg320Gln",
        "p.(Arg320Gln)",
        "p.[R320Q]",
        "p.K97*",
        "p.Lys97Ter",
        "p.M1?",
        "p.0",
    ),
    *("p.DC228fs", "p.R97fs*5", "p.Arg97ProfsTer23", "p.(Arg97ProfsTer23)", "p.P191del", "p.D29_L30del"),
    *("p.D29_L30delinsKR", "p.K6dup", "p.S45_G46insA", "p.X261_splice", "p.*394Wext*?", "p.314_315NG>K"),
    *("p.Ter394TrpextTer12", "p.-62fs", "p.0"),
]
SILENT = [
    *("p.R249=", "p.(R249=)", "p.T125T", "p.=", "p.(=)", "p.Thr125Thr", "p.Thr125=", "p.Thr125%3D"),
    *("p.Thr125%253d", "p.T125Thr", "p.Ter394=", "p.*394*", "p.152_153EE>EE", "p.Thr125&#61;"),
    *("p.Thr125_Arg126=",),
]
OTHERS = [
    "",
    "p.",
    "p.?",
    "p.(?)",
    "p.0?",
    "wild-type (exons 2-6)",
    "WT 100%",
    "no mutation in exons 2-6",
    "p.R320Q (germline)",
    "p.R320Q (not confirmed)",
    "not p.R320Q",
    "p.R320Q?",
    "exon 2 deletion",
    "IVS3+1G>A",
    "c.639+45A>G",
    "T2N0",
    "Q4",
    "H200",
    "12 CPS",
    "3+",
    "p.R320Q; not tested",
]


@pytest.mark.parametrize("text", CHANGES)
@pytest.mark.parametrize("before", ["", "ENSP00000171111.5:", "GENE:NM_012289:exon3:c.G959A:"])
def test_changes(text: str, before: str) -> None:
    assert protein_change(before + text) == text
    assert not is_silent(text)
    assert Profile.parse({"mutations": [{"gene": "TP53", "change": text}]}).mutations[0].change == text


@pytest.mark.parametrize("text", SILENT)
def test_silent_changes(text: str) -> None:
    change = protein_change(f"NP_000537.3:{text}")
    assert change is not None
    assert is_silent(change)
    assert is_silent(text)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_not_a_change(text: str) -> None:
    assert protein_change(text) is None
    assert not stands_alone(text)
    if text:
        facts, problems = facts_and_problems(Profile.parse({"mutations": [f"TP53 {text}"]}), BASE)
        assert not facts.findings
        assert [one.where for one in problems] == ["/mutations/0"]


def test_of_several_transcripts_the_one_that_is_changed_counts() -> None:
    assert protein_change("A:NM_1:c.C9T:p.L3L,A:NM_2:c.C9T:p.L30F") == "p.L30F"
    assert protein_change("A:NM_1:c.C9T:p.L3L,A:NM_2:c.C9T:p.L30L") == "p.L3L"
    assert protein_change("c.375G>A(p.Thr125=)") == "p.Thr125="


def test_coding_changes() -> None:
    for text in ("c.747G>T", "NM_000546.6:c.672+1G>A", "c.75_77del", "c.75dup"):
        assert coding_change(text)
    for text in ("c.672+50C>T", "c.-29G>A", "c.*12C>T", "g.7674220C>T", "c.747", "n.12A>G"):
        assert not coding_change(text)
