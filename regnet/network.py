"""LogicalNetwork: components, their rules, and what is claimed about them.

Rules are the only truth about dynamics. The edges of the network are computed from them
(`regnet.analysis.structure`); what is drawn or cited is a `Claim`, and is compared with the rules.
Networks never change: an edit returns a new one that shares the untouched parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from regnet.brief import LONGEST, brief, shortened
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

SOURCE_KINDS = ("author finding", "textbook", "assumption")
CONFIDENCES = ("high", "medium", "low")
SIGNS = ("+", "-", "±")


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        match self.cases:
            case ((condition, 1),):
                return f"Rule.of({_quoted(str(condition))})"
            case _:
                texts = [f"{level}: {_quoted(str(condition))}" for condition, level in self.cases]
                return f"Rule.parse({{{shortened(', '.join(texts))}}})"

    @classmethod
    def of(
        cls,
        rule: RuleLike,
        *,
        tops: Mapping[str, int] | None = None,
        component: str = "",
    ) -> Rule:
        """Return a rule from its text.

        Parameters
        ----------
        rule
            A condition, as text or not, under which a component is at level 1; or the condition of
            each level.
        tops
            Highest level of each component, if known; then ``X=1`` of a Boolean X is just ``X``.
        component
            The component of the rule, for messages.

        Raises
        ------
        ParseError
            If the text is not a condition, with the column.
        """
        if isinstance(rule, Rule):
            return rule
        if isinstance(rule, Mapping):
            return cls.parse(rule, tops, component)
        return cls(((_condition(rule, tops, component), 1),))

    @classmethod
    def parse(
        cls,
        cases: Mapping[int, Expr | str],
        tops: Mapping[str, int] | None = None,
        component: str = "",
    ) -> Rule:
        """Return the rule whose target is the highest level whose condition holds."""
        ordered = sorted(cases.items(), reverse=True)
        return cls(tuple((_condition(c, tops, component), level) for level, c in ordered))

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


RuleLike: TypeAlias = "Rule | Expr | str | Mapping[int, Expr | str]"
"""A rule, or what `Rule.of` makes one of."""


@dataclass(frozen=True, slots=True, repr=False)
class Component:
    """A gene, protein, cell population or condition of the network.

    Parameters
    ----------
    name
        Unique name.
    rule
        Its target level as a function of the others, also in the form that `Rule.of` reads; None
        makes it an input, which keeps its level.
    top
        Highest level; 1 is a Boolean component.
    compartment
        Its compartment, for drawing and reports.
    meanings
        Meaning of each level, from 0 to `top`; may be empty.
    kind
        The kind of source of the rule: one of `SOURCE_KINDS`, or empty.
    confidence
        One of `CONFIDENCES`, or empty.
    note
        A sentence for people.
    refs
        Keys of references.

    Examples
    --------
    >>> Component("Mass", {2: "HGF & !LIF", 1: "HGF"}, top=2)
    Component('Mass', Rule.parse({2: 'HGF & !LIF', 1: 'HGF'}), top=2)
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

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str,
            rule: RuleLike | None = None,
            top: int = 1,
            compartment: str = "",
            meanings: Iterable[str] = (),
            kind: str = "",
            confidence: str = "",
            note: str = "",
            refs: Iterable[str] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name or self.name != self.name.strip():
            raise NetworkError(f"{self.name!r} cannot be the name of a component")
        if self.rule is not None and not isinstance(self.rule, Rule):
            object.__setattr__(self, "rule", Rule.of(self.rule, component=self.name))
        if self.top < 1:
            raise NetworkError(f"{self.name} needs a highest level of at least 1, not {self.top}")
        if self.meanings and len(self.meanings) != self.top + 1:
            raise NetworkError(
                f"{self.name} has levels 0 to {self.top} but {len(self.meanings)} meanings"
            )
        if self.kind or self.confidence:
            _check_word(self.name, "kind", self.kind, SOURCE_KINDS)
            _check_word(self.name, "confidence", self.confidence, CONFIDENCES)

    def __repr__(self) -> str:
        parts = [repr(self.name)]
        match self.rule:
            case Rule(((condition, 1),)):
                parts.append(_quoted(str(condition)))
            case Rule():
                parts.append(repr(self.rule))
        if self.top != 1:
            parts.append(f"top={self.top}")
        if self.compartment:
            parts.append(f"compartment={self.compartment!r}")
        return f"Component({shortened(', '.join(parts))})"

    @property
    def is_input(self) -> bool:
        """Whether the component has no rule and keeps the level it starts with."""
        return self.rule is None


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the literature, or of a drawing, about an edge.

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

    __repr__ = brief

    def __post_init__(self) -> None:
        edge = f"{self.source} -> {self.target}"
        if self.sign not in SIGNS:
            raise NetworkError(f"the claim {edge} needs a sign + - or ±, not {self.sign!r}")
        _check_word(edge, "kind", self.kind, SOURCE_KINDS)
        _check_word(edge, "confidence", self.confidence, CONFIDENCES)


@dataclass(frozen=True, repr=False)
class LogicalNetwork:
    """Components with unique names whose rules name only each other and existing levels.

    It is a collection of names: ``for name in network``, ``"LIF" in network``, ``len(network)``;
    ``network["LIF"]`` is the component of that name.

    Parameters
    ----------
    components
        In display order.
    claims
        Cited or drawn edges between them.
    name
        Name of the network in reports.

    Raises
    ------
    NetworkError
        If a name repeats or a level does not exist.
    UnknownNameError
        If a rule or claim names a component that does not exist.

    Examples
    --------
    >>> network = LogicalNetwork([Component("A", "!B"), Component("B", "!A")])
    >>> list(network), network["A"]
    (['A', 'B'], Component('A', '!B'))
    """

    components: tuple[Component, ...]
    claims: tuple[Claim, ...] = ()
    name: str = ""
    _index: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    if TYPE_CHECKING:

        def __init__(
            self,
            components: Iterable[Component],
            claims: Iterable[Claim] = (),
            name: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        object.__setattr__(self, "components", tuple(self.components))
        object.__setattr__(self, "claims", tuple(self.claims))
        index: dict[str, int] = {}
        for position, component in enumerate(self.components):
            if not isinstance(component, Component):
                raise NetworkError(f"a network is made of Components, not of {component!r:.60}")
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
        """Return at a glance whether a rule asks for level 1 of what exists, and leads there."""
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

    def __repr__(self) -> str:
        parts = [repr(c) for c in self.components[:LONGEST]]  # each takes some characters
        text = f"LogicalNetwork([{', '.join(parts)}])"
        if len(text) <= LONGEST and not self.claims and not self.name:
            return text
        named = f" {self.name}" if self.name else ""
        return shortened(
            f"<LogicalNetwork{named}: {len(self)} components, {len(self.inputs)} of them inputs, "
            f"digest {self.digest}>"
        )

    def _repr_html_(self) -> str:
        html: str = import_module("regnet.notebook").network_html(self)  # it lies far above
        return html

    def __getitem__(self, name: str) -> Component:
        try:
            return self.components[self._index[name]]
        except (KeyError, TypeError):
            if isinstance(name, int | slice):
                raise NetworkError(
                    "a component is found by its name; network.components is a sequence"
                ) from None
            raise UnknownNameError("component", name, self._index) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._index

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

    def with_rule(self, name: str, rule: RuleLike | None) -> LogicalNetwork:
        """Return the network with another rule for one component; None makes it an input.

        >>> toggle = LogicalNetwork([Component("A", "!B"), Component("B", "!A")])
        >>> toggle.with_rule("B", "A")["B"]
        Component('B', 'A')
        """
        read = None if rule is None else Rule.of(rule, tops=self.tops, component=name)
        return self.with_component(replace(self[name], rule=read))

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


def _condition(condition: Expr | str, tops: Mapping[str, int] | None, component: str) -> Expr:
    if isinstance(condition, Expr):
        return condition
    where = f"rule of {component}" if component else ""
    if not isinstance(condition, str):
        raise NetworkError(f"{where or 'a rule'}: {str(condition)[:80]!r} is no condition")
    return parse(condition, tops=tops, file=where)


def _quoted(text: str) -> str:
    """Return the repr of a text, shortened if long."""
    return repr(shortened(text, LONGEST // 2))


def _check_word(where: str, what: str, word: str, allowed: tuple[str, ...]) -> None:
    if word and word not in allowed:
        raise NetworkError(f"{where}: {what} is {word!r}, but must be one of {', '.join(allowed)}")
