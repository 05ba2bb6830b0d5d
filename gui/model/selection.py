"""Selection: the view state that all panels share; it is not part of the undo history.

It holds the selected components, the levels the network is painted with, the edges traced on it,
and the current scenario of all tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, SignalInstance

from gui.model.document import Document
from regnet.analysis.attractors import Attractor
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.space import Space

WILD_TYPE = "wild type"
"""The name shown for the scenario without any change; it always exists."""


@dataclass(frozen=True, slots=True)
class Painting:
    """Levels that the network is painted with.

    Parameters
    ----------
    levels
        Component -> level or range; components that are absent stay unpainted.
    caption
        Caption of the colours for the banner: ``"A2, fixed point, PHx"``.
    before
        Levels to compare with: changed components are marked with ▲ and ▼, the others are faded.
    attractor
        The attractor of the current network that is painted, if it is one.
    scenario
        The scenario it belongs to; None for the current one.
    """

    levels: Space
    caption: str
    before: Space | None = None
    attractor: Attractor | None = None
    scenario: Scenario | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Edges marked on the drawing: a path, a causal chain, or the evidence.

    Parameters
    ----------
    marks
        (source, target) -> a key of `gui.panels.network.edge_item.MARKS`, such as ``"leads"``.
    caption
        Caption of the marks for the banner: ``"why HepProlif is at 0"``.
    is_alone
        Whether unmarked edges and components are faded.
    names
        Components that belong to it, besides the ends of its edges.
    """

    marks: Mapping[tuple[str, str], str]
    caption: str
    is_alone: bool = True
    names: frozenset[str] = frozenset()

    @property
    def members(self) -> frozenset[str]:
        """All components of the trace."""
        return self.names.union(*self.marks)


class Selection(QObject):
    """Selected components, the painting, the trace, and the current scenario."""

    components_changed = Signal()
    painting_changed = Signal()
    trace_changed = Signal()
    scenario_changed = Signal()
    """Another scenario is current, or the current one was edited."""

    followed = Signal(object)
    """Request to show a run along these states: a tuple of spaces, one step apart."""

    asked = Signal(str, str)
    """Request to bring another panel to the front: its key, and what it should show."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._components: tuple[str, ...] = ()
        self._painting: Painting | None = None
        self._trace: Trace | None = None
        self._wanted = ""
        self._scenario = Scenario()
        self._made_in: dict[str, str] = {}  # scenario -> the one that was current when it was made
        self._held: list[SignalInstance] | None = (
            None  # signals to emit when all views have been updated
        )
        document.changed.connect(self._follow)
        document.reset.connect(self._forget)
        document.settled.connect(self._settle)

    # --- components ---

    @property
    def components(self) -> tuple[str, ...]:
        """Names of the selected components, in order of selection."""
        return self._components

    @property
    def component(self) -> str:
        """The component selected last, or an empty string."""
        return self._components[-1] if self._components else ""

    def select(self, names: Iterable[str] | str = ()) -> None:
        """Select these components and no others."""
        wanted = (names,) if isinstance(names, str) else names
        chosen = tuple(n for n in dict.fromkeys(wanted) if n in self._document.network)
        if chosen != self._components:
            self._components = chosen
            self._tell(self.components_changed)

    # --- painting ---

    @property
    def painting(self) -> Painting | None:
        """What the network is painted with, or None."""
        return self._painting

    def paint(self, painting: Painting | None) -> None:
        """Paint the network with these levels, or clear the colouring."""
        if painting != self._painting:
            self._painting = painting
            self._tell(self.painting_changed)

    # --- the trace ---

    @property
    def traced(self) -> Trace | None:
        """The edges marked on the drawing, or None."""
        return self._trace

    def trace(self, trace: Trace | None) -> None:
        """Mark these edges on the drawing and no others, or none."""
        if trace != self._trace:
            self._trace = trace
            self._tell(self.trace_changed)

    # --- the scenario ---

    @property
    def scenario(self) -> Scenario:
        """The current scenario of all tools; the wild type has no name."""
        return self._scenario

    @property
    def scenario_title(self) -> str:
        """The name of the scenario, or `WILD_TYPE`."""
        return self._scenario.name or WILD_TYPE

    def choose(self, name: str) -> None:
        """Make a scenario current; an empty name stands for the wild type.

        The name is remembered: if an undo removes the scenario, the one it was derived from is
        current again, and a redo restores both.
        """
        self._made_in.setdefault(name, self._scenario.name)
        self._wanted = name
        self._resolve()

    def _resolve(self) -> None:
        named = {s.name: s for s in self._document.project.scenarios}
        name, seen = self._wanted, {""}
        while name not in named and name not in seen:
            seen.add(name)
            name = self._made_in.get(name, "")
        scenario = named.get(name, Scenario())
        if scenario != self._scenario:
            self._scenario = scenario
            self._tell(self.scenario_changed)

    # --- other panels ---

    def ask(self, panel: str, what: str = "") -> None:
        """Bring a panel to the front, such as ``ask("inspector", "rule")``."""
        self.asked.emit(panel, what)

    def follow(self, path: tuple[Space, ...]) -> None:
        """Show a path of the current scenario as a run that starts at its first state."""
        self.followed.emit(path)

    # --- following the document ---

    def _tell(self, signal: SignalInstance) -> None:
        """Emit the signals of a change, but not before all views have the new project."""
        if self._held is None:
            signal.emit()
        elif signal not in self._held:
            self._held.append(signal)

    def _settle(self) -> None:
        held, self._held = self._held, None
        for signal in held or ():
            signal.emit()

    def _follow(self, before: Project, after: Project) -> None:
        self._held = self._held or []
        if before.scenarios is not after.scenarios:
            self._wanted = _followed(
                self._wanted, [s.name for s in before.scenarios], [s.name for s in after.scenarios]
            )
        old, new = before.network, after.network
        if old is not new:
            names = [_followed(n, old.names, new.names) for n in self._components]
            if (self._painting or self._trace) and old.digest != new.digest:
                self.paint(None)
                self.trace(None)
            self.select(names)
        self._resolve()

    def _forget(self) -> None:
        self._held = []
        self._wanted = ""
        self._made_in.clear()
        self.paint(None)
        self.trace(None)
        self._components = ()
        self._tell(self.components_changed)


def _followed(name: str, before: Iterable[str], after: Iterable[str]) -> str:
    """Return the new name of a scenario that was renamed; otherwise the name itself."""
    old, new = list(before), list(after)
    if name in new or name not in old or len(old) != len(new):
        return name
    return new[old.index(name)]
