"""The same compiled clauses for general rule engines, each in the form that its users write.

Rules are made once. Where an engine has no forward chaining, it is asked stage by stage, as our engines
are; where it can take all rules of a stage as one expression, and that is faster, it is given that.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from zen_peer import Evaluate, facts_of, names_of

from recommender.engine.program import Clause, Program


def json_logic(program: Program) -> Evaluate:
    """json-logic: one rule a clause, interpreted at each call."""
    holds = import_module("json_logic").jsonLogic

    rules = [{"and": [{"var": f"a{atom}"} for atom in clause.atoms]} for clause in program.clauses]
    return _rule_by_rule(program, rules, lambda rule, facts: holds(rule, facts) is True)


def rule_engine(program: Program) -> Evaluate:
    """rule-engine: one compiled rule a clause; every fact is given, as looking for an absent one is slow."""
    library = import_module("rule_engine")
    context = library.Context(resolver=library.resolve_item)
    rules = [library.Rule(" and ".join(_names_in(clause)), context=context) for clause in program.clauses]
    absent = dict.fromkeys(names_of(program), False)
    return _rule_by_rule(program, rules, lambda rule, facts: bool(rule.matches(facts)), absent)


def cel(program: Program) -> Evaluate:
    """CEL: one compiled list of conditions a stage; a clause asks whether names are among the facts."""
    compiled = import_module("cel").compile

    terms = [" && ".join(f"'{name}' in f" for name in _names_in(clause)) for clause in program.clauses]
    stages = [
        compiled(f"[{', '.join(f'({terms[position]})' for position in stage)}]") for stage in program.stages
    ]
    names = names_of(program)
    gives = [clause.gives for clause in program.clauses]

    def evaluate(have: int) -> list[int]:
        fired: list[int] = []
        for rules, stage in zip(stages, program.stages, strict=True):
            hits = rules.execute({"f": facts_of(have, names)})
            now = [position for position, hit in zip(stage, hits, strict=True) if hit]
            for position in now:
                have |= gives[position]
            fired += now
        return fired

    return evaluate


def business_rules(program: Program) -> Evaluate:
    """business-rules: one rule a clause, run together for each stage; an action notes what fired."""
    run_all = import_module("business_rules").run_all
    doing = import_module("business_rules.actions")
    knowing = import_module("business_rules.variables")
    names = names_of(program)

    class Variables(knowing.BaseVariables):  # type: ignore[name-defined,misc]
        def __init__(self, facts: dict[str, bool]) -> None:
            self.facts = facts

    for name in names:
        ask: Any = lambda self, name=name: name in self.facts  # noqa: E731
        setattr(Variables, name, knowing.boolean_rule_variable(label=name)(ask))

    class Actions(doing.BaseActions):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            self.fired: list[int] = []

        @doing.rule_action(params={"position": "numeric"})  # type: ignore[untyped-decorator]
        def note(self, position: int) -> None:
            self.fired.append(position)

    stages = [
        [
            {
                "conditions": {
                    "all": [
                        {"name": names[atom], "operator": "is_true", "value": True}
                        for atom in program.clauses[position].atoms
                    ]
                },
                "actions": [{"name": "note", "params": {"position": position}}],
            }
            for position in stage
        ]
        for stage in program.stages
    ]
    gives = [clause.gives for clause in program.clauses]

    def evaluate(have: int) -> list[int]:
        fired: list[int] = []
        for rules in stages:
            actions = Actions()
            run_all(rules, Variables(facts_of(have, names)), actions)
            for position in actions.fired:
                have |= gives[position]
            fired += actions.fired
        return fired

    return evaluate


def clips(program: Program) -> Evaluate:
    """clipspy: one rule a clause with CLIPS' own forward chaining; a consequent notes that it fired."""
    environment = import_module("clips").Environment()
    fired: list[int] = []

    def note(position: int) -> None:
        fired.append(int(position))

    environment.define_function(note)
    for position, clause in enumerate(program.clauses):
        wanted = " ".join(f"({name})" for name in _names_in(clause))
        given = f" (assert (a{clause.gives.bit_length() - 1}))" if clause.gives else ""
        environment.build(f"(defrule r{position} {wanted} => (note {position}){given})")
    facts = [f"({name})" for name in names_of(program)]

    def evaluate(have: int) -> list[int]:
        environment.reset()
        fired.clear()
        while have:
            low = have & -have
            environment.assert_string(facts[low.bit_length() - 1])
            have ^= low
        environment.run()
        return sorted(fired)

    return evaluate


def durable_bare(program: Program) -> Evaluate:
    """durable-rules as its manual uses it: a small fact for each finding, a consequent for each rule.

    Derived facts are asserted between stages, and each profile has its own session, deleted at the end:
    a first fact that always fires a rule makes that safe.
    """
    ruleset = import_module("durable.engine").Ruleset

    fired: list[int] = []

    definition: dict[str, Any] = {"begin": {"all": [{"m": {"k": "begin"}}], "run": lambda _: None}}
    for position, clause in enumerate(program.clauses):
        wanted = [{f"m{at}": {"k": f"a{atom}"}} for at, atom in enumerate(clause.atoms)]
        definition[f"r{position}"] = {"all": wanted, "run": _noting(fired, position)}
    rules = ruleset("bare", None, definition)
    gives = [clause.gives for clause in program.clauses]

    def done(error: object, _: object) -> None:
        assert error is None, error

    def tell(name: str) -> None:
        # What durable-rules itself does, without its wrapper.
        code, state = _assert(rules._handle, f'{{"id":"{name}","sid":"s","k":"{name}"}}')  # noqa: SLF001
        if code == 0:
            rules.do_actions(state, done)

    def evaluate(have: int) -> list[int]:
        fired.clear()
        tell("begin")
        told = 0
        while more := have & ~told:
            told |= more
            while more:
                low = more & -more
                tell(f"a{low.bit_length() - 1}")
                more ^= low
            for position in fired:
                have |= gives[position]
        rules.delete_state("s")
        return sorted(fired)

    return evaluate


def _noting(fired: list[int], position: int) -> Callable[[Any], None]:
    return lambda _: fired.append(position)


def _assert(handle: int, fact: str) -> tuple[int, int]:
    from durable_rules_engine import assert_fact

    answer: tuple[int, int] = assert_fact(handle, fact)
    return answer


def _rule_by_rule(
    program: Program,
    rules: Sequence[Any],
    holds: Callable[[Any, dict[str, bool]], bool],
    absent: dict[str, bool] | None = None,
) -> Evaluate:
    """Return an evaluator that tries every rule of a stage before it goes on to the next.

    `absent` has every fact as false, for an engine that must be given all.
    """
    names = names_of(program)
    clauses = program.clauses

    def evaluate(have: int) -> list[int]:
        fired: list[int] = []
        facts = (absent or {}) | facts_of(have, names)
        for stage in program.stages:
            now = [position for position in stage if holds(rules[position], facts)]
            for position in now:
                given = clauses[position].gives
                if given:
                    facts[names[given.bit_length() - 1]] = True
            fired += now
        return fired

    return evaluate


def _names_in(clause: Clause) -> list[str]:
    return [f"a{atom}" for atom in clause.atoms]
