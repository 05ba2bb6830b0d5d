"""LogicalNetwork: components, their rules, and what is claimed about them.

Rules are the only truth about dynamics. The edges of the network are computed from them
(`regnet.analysis.structure`); what is drawn or cited is a `Claim`, and is compared with the rules.
Networks never change: an edit returns a new one that shares the untouched parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from regnet.errors import NetworkError, UnknownNameError
from regnet.logic import (
    FALSE,
    Const,
    Expr,
    Var,
    conjunction,
    disjunction,
    evaluate,
    parse,
    substitute,
    variables,
    write_name,
)

KINDS = ("author finding", "textbook", "assumption")
CONFIDENCES = ("high", "medium", "low")
SIGNS = ("+", "-", "±")


@dataclass(frozen=True, slots=True)
class Rule:
    """The target level of a component: the first case that holds decides, else 0.

    Parameters
    ----------
    cases
        Pairs of a condition and the level it leads to.

    Examples
    --------
    >>> rule = Rule.parse({2: "Dose:2", 1: "Dose | Injury"})
    >>> rule.target({"Dose": 0, "Injury": 1})
    1
    """

    cases: tuple[tuple[Expr, int], ...]

    @classmethod
    def of(cls, condition: Expr | str) -> Rule:
        """Return the rule of a Boolean component: level 1 if the condition holds."""
        return cls(((parse(condition) if isinstance(condition, str) else condition, 1),))

    @classmethod
    def parse(cls, cases: Mapping[int, str], tops: Mapping[str, int] | None = None) -> Rule:
        """Return the rule whose target is the highest level whose condition holds."""
        ordered = sorted(cases.items(), reverse=True)
        return cls(tuple((parse(text, tops=tops), level) for level, text in ordered))

    @classmethod
    def constant(cls, level: int) -> Rule:
        """Return the rule that always leads to `level`."""
        return cls(((Const(True), level),)) if level else cls(((Const(False), 1),))

    def target(self, state: Mapping[str, int]) -> int:
        """Return the level this rule leads to in a state."""
        return next((level for condition, level in self.cases if evaluate(condition, state)), 0)

    def reaches(self, level: int) -> Expr:
        """Return the condition under which the target is at `level` or above."""
        if len(self.cases) == 1:  # most rules, and large networks have many
            (condition, to), *_ = self.cases
            return condition if to >= level else FALSE
        reached: list[Expr] = []
        lower: list[Expr] = []  # earlier cases that decide for less
        for condition, to in self.cases:
            if to >= level:
                reached.append(conjunction([condition, *(~c for c in lower)]))
            else:
                lower.append(condition)
        return disjunction(reached) if reached else FALSE

    def thresholds(self) -> tuple[Var, ...]:
        """Return the distinct thresholds the rule names, in order of first appearance."""
        found = {(v.name, v.level): v for condition, _ in self.cases for v in variables(condition)}
        return tuple(found.values())

    def keeps(self, name: str, top: int) -> bool:
        """Return whether this, as the rule of a component, lets it keep every level."""
        return all(var.name == name for var in self.thresholds()) and all(
            self.target({name: level}) == level for level in range(top + 1)
        )

    def mapped(self, change: Mapping[str, Expr | str]) -> Rule:
        """Return the rule with components renamed (str) or their thresholds replaced (Expr)."""

        def swap(var: Var) -> Expr:
            new = change.get(var.name, var)
            return Var(new, var.level) if isinstance(new, str) else new

        return Rule(tuple((substitute(c, swap), level) for c, level in self.cases))


@dataclass(frozen=True, slots=True)
class Component:
    """A gene, protein, cell population or condition of the network.

    Parameters
    ----------
    name
        Unique name.
    rule
        How its target level follows from the others; None makes it an input, which keeps its level.
    top
        Highest level; 1 is a Boolean component.
    compartment
        Where it is, for drawing and reports.
    meanings
        What each level means, from 0 to `top`; empty where nobody wrote it down.
    kind
        What the rule rests on: one of `KINDS`, or empty.
    confidence
        One of `CONFIDENCES`, or empty.
    note
        A sentence for people.
    refs
        Keys of references.
    """

    name: str
    rule: Rule | None = None
    top: int = 1
    compartment: str = ""
    meanings: tuple[str, ...] = ()
    kind: str = ""
    confidence: str = ""
    note: str = ""
    refs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip():
            raise NetworkError(f"{self.name!r} cannot be the name of a component")
        if self.top < 1:
            raise NetworkError(f"{self.name} needs a highest level of at least 1, not {self.top}")
        if self.meanings and len(self.meanings) != self.top + 1:
            raise NetworkError(
                f"{self.name} has levels 0 to {self.top} but {len(self.meanings)} meanings"
            )
        if self.kind or self.confidence:
            _check_word(self.name, "kind", self.kind, KINDS)
            _check_word(self.name, "confidence", self.confidence, CONFIDENCES)

    @property
    def is_input(self) -> bool:
        """Whether the component has no rule and keeps the level it starts with."""
        return self.rule is None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the literature, or a drawing, says of one edge.

    `sign` is ``"+"`` (activates), ``"-"`` (inhibits) or ``"±"`` (both or unknown); `kind`,
    `confidence`, `note` and `refs` are as in `Component`.
    """

    source: str
    target: str
    sign: str
    kind: str = ""
    confidence: str = ""
    note: str = ""
    refs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        edge = f"{self.source} -> {self.target}"
        if self.sign not in SIGNS:
            raise NetworkError(f"the claim {edge} needs a sign + - or ±, not {self.sign!r}")
        _check_word(edge, "kind", self.kind, KINDS)
        _check_word(edge, "confidence", self.confidence, CONFIDENCES)


@dataclass(frozen=True)
class LogicalNetwork:
    """Components with unique names whose rules name only each other and existing levels.

    Parameters
    ----------
    components
        In the order in which they are shown.
    claims
        Cited or drawn edges between them.
    name
        What reports call the network.

    Raises
    ------
    NetworkError
        If a name repeats or a level does not exist.
    UnknownNameError
        If a rule or claim names a component that does not exist.
    """

    components: tuple[Component, ...]
    claims: tuple[Claim, ...] = ()
    name: str = ""
    _index: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        index: dict[str, int] = {}
        for position, component in enumerate(self.components):
            if component.name in index:
                raise NetworkError(f"the component {component.name} is defined twice")
            index[component.name] = position
        object.__setattr__(self, "_index", index)
        for component in self.components:
            rule = component.rule
            if rule is not None and not self._is_plain(rule):
                self._check_rule(component, rule)
        for claim in self.claims:
            self[claim.source], self[claim.target]

    @classmethod
    def of_checked(cls, components: tuple[Component, ...], name: str = "") -> LogicalNetwork:
        """Return a Boolean network of components whose rules are known to name no others.

        Readers of large files know it, and looking at every rule again takes them as long as
        reading it.
        """
        network = object.__new__(cls)
        index = {component.name: i for i, component in enumerate(components)}
        given = {"components": components, "claims": (), "name": name, "_index": index}
        network.__dict__.update(given)
        return network

    def _is_plain(self, rule: Rule) -> bool:
        """Tell at a glance whether a rule asks for level 1 of what exists, and leads there."""
        index = self._index
        stack = []
        for condition, level in rule.cases:
            if level != 1:
                return False
            stack.append(condition)
        while stack:
            node = stack.pop()
            if not isinstance(node, Var):
                stack += node.args
            elif node.level != 1 or node.name not in index:
                return False
        return True

    def _check_rule(self, component: Component, rule: Rule) -> None:
        for _, level in rule.cases:
            if not 0 <= level <= component.top:
                raise NetworkError(
                    f"the rule of {component.name} leads to level {level}, "
                    f"but {component.name} ends at {component.top}"
                )
        for var in rule.thresholds():
            position = self._index.get(var.name)
            if position is None:
                raise UnknownNameError(
                    f"component (in the rule of {component.name})", var.name, self._index
                )
            top = self.components[position].top
            if not 1 <= var.level <= top:
                raise NetworkError(
                    f"the rule of {component.name} asks for {var.name}:{var.level}, "
                    f"but {var.name} ends at {top}"
                )

    def __getstate__(self) -> dict[str, object]:
        """Return a copy: one thread may pickle a network while another asks for its digest."""
        return self.__dict__.copy()

    # --- looking ---

    def __getitem__(self, name: str) -> Component:
        position = self._index.get(name)
        if position is None:
            raise UnknownNameError("component", name, self._index)
        return self.components[position]

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __len__(self) -> int:
        return len(self.components)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the components, in order."""
        return tuple(self._index)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the components without a rule."""
        return tuple(c.name for c in self.components if c.rule is None)

    @property
    def is_boolean(self) -> bool:
        """Whether every component has the levels 0 and 1 only."""
        return all(c.top == 1 for c in self.components)

    @cached_property
    def tops(self) -> dict[str, int]:
        """The highest level of each component."""
        return {c.name: c.top for c in self.components}

    @cached_property
    def digest(self) -> str:
        """Sixteen hex digits that change when, and only when, levels, rules or names change."""
        components = self.components
        ordered = sorted(range(len(components)), key=list(self._index).__getitem__)
        place = {components[i].name: str(at) for at, i in enumerate(ordered)}
        texts = []
        for c in components:  # in the order in which they lie in memory
            words = [f"\n{write_name(c.name)} {c.top}"]
            for condition, level in c.rule.cases if c.rule else ():
                words.append(f"to {level}")
                stack = [condition]
                while stack:  # operators come before their arguments, with how many there are
                    node = stack.pop()
                    if isinstance(node, Var):
                        at = place[node.name]
                        words.append(at if node.level == 1 else f"{at}:{node.level}")
                    elif isinstance(node, Const):
                        words.append("true" if node.value else "false")
                    else:
                        args = node.args
                        words.append(f"{type(node).__name__}{len(args)}")
                        stack += args
            if c.rule is None:
                words.append("input")
            texts.append(" ".join(words))
        whole = " ".join([texts[i] for i in ordered])
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def parse(self, text: str) -> Expr:
        """Read a condition on this network's components, such as ``Mass:2 & LIF=0..1``.

        Raises
        ------
        ParseError, UnknownNameError, NetworkError
            If the text is no condition, or names what does not exist.
        """
        condition = parse(text, tops=self.tops, typed=True)
        self.check(condition)
        return condition

    def check(self, condition: Expr) -> None:
        """Raise if a condition names a component or a level that does not exist."""
        for var in variables(condition):
            top = self[var.name].top
            if var.level > top:
                raise NetworkError(f"{var.name} ends at {top}, so it never reaches {var.level}")

    def target(self, name: str, state: Mapping[str, int]) -> int:
        """Return the level a component is heading for in a state; an input keeps its level."""
        rule = self[name].rule
        return state[name] if rule is None else rule.target(state)

    # --- changed copies ---

    def with_component(self, component: Component) -> LogicalNetwork:
        """Return the network with a component added, or put in the place of its namesake."""
        position = self._index.get(component.name)
        if position is None:
            return replace(self, components=(*self.components, component))
        before, after = self.components[:position], self.components[position + 1 :]
        return replace(self, components=(*before, component, *after))

    def with_rule(self, name: str, rule: Rule | None) -> LogicalNetwork:
        """Return the network with another rule for one component; None makes it an input."""
        return self.with_component(replace(self[name], rule=rule))

    def without(self, *names: str) -> LogicalNetwork:
        """Return the network without some components; rules then see them at level 0."""
        gone = {self[name].name for name in names}
        change = dict.fromkeys(gone, FALSE)
        kept = tuple(self._mapped(c, change) for c in self.components if c.name not in gone)
        claims = tuple(c for c in self.claims if not {c.source, c.target} & gone)
        return replace(self, components=kept, claims=claims)

    def renamed(self, old: str, new: str) -> LogicalNetwork:
        """Return the network with a component renamed, in every rule and claim too."""
        self[old]
        if new != old and new in self:
            raise NetworkError(f"there is already a component {new}")
        components = []
        for c in self.components:
            c = self._mapped(c, {old: new})
            components.append(replace(c, name=new) if c.name == old else c)

        def name(n: str) -> str:
            return new if n == old else n

        claims = tuple(
            replace(c, source=name(c.source), target=name(c.target)) for c in self.claims
        )
        return replace(self, components=tuple(components), claims=claims)

    def with_claims(self, claims: Iterable[Claim]) -> LogicalNetwork:
        """Return the network with other claims."""
        return replace(self, claims=tuple(claims))

    @staticmethod
    def _mapped(component: Component, change: Mapping[str, Expr | str]) -> Component:
        rule = component.rule
        if rule is None or not any(v.name in change for v in rule.thresholds()):
            return component
        return replace(component, rule=rule.mapped(change))


def _check_word(where: str, what: str, word: str, allowed: tuple[str, ...]) -> None:
    if word and word not in allowed:
        raise NetworkError(f"{where}: {what} is {word!r}, but must be one of {', '.join(allowed)}")
