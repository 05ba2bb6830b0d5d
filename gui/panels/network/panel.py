"""Network: the drawing of the regulatory network, painted with levels and perturbations.

Its layout is computed by a worker process unless the network is small, and positions set by the
user are kept. Selecting, knocking out, editing and exporting start here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QActionGroup,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits, network_edits
from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from gui.panels.network.canvas import NetworkScene
from gui.panels.network.edge_item import EdgeItem
from gui.panels.network.export import save
from gui.panels.network.legend import legend_keys
from gui.panels.network.menu import drawn_menu
from gui.panels.network.node_item import GroupItem, NodeItem
from gui.panels.network.overlays import Banner, LegendSheet, MiniMap, place_sheets
from gui.panels.network.plan import QUICK, Plan, make_plan, same_plan, with_places
from gui.panels.network.search import NetworkSearch, matches
from gui.panels.network.view import NetworkView
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
from gui.widgets.menus import edge_menu, hold
from gui.widgets.style import style
from regnet.errors import RegnetError
from regnet.figures.marks import Key
from regnet.network import LogicalNetwork
from regnet.project import Project

MAX_DRAWN = 1500
"""Networks with more components are not drawn as a whole, as the drawing would be illegible."""


class NetworkPanel(QWidget):
    """The drawing with its tools."""

    drawn = Signal()
    """The drawing of the current network is displayed."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._plan: Plan | None = None
        self._network: LogicalNetwork | None = None  # network of the plan
        self._task: Task | None = None
        self._fit_next = True
        self._following = False
        self.collapsed: frozenset[str] = frozenset()
        """Compartments that are drawn as one box each."""
        self.scene = NetworkScene(self)
        self.view = NetworkView(self.scene)
        self.banner = Banner()
        self.legend = LegendSheet(self.view)
        self.minimap = MiniMap(self.view, self.scene, self.view)
        self.search = NetworkSearch()
        self._empty = Empty("")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._make_actions()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_tools())
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self._follow()
        self._replan()

    # --- construction ---

    def _make_actions(self) -> None:
        act = partial(add_action, self)
        key = partial(add_action, self.view)  # not while the search field has the focus
        self.find_action = act("&Find component…", self.search.setFocus, menu="Edit",
                        shortcut="Ctrl+F", icon_name="find", everywhere=True,
                        tip="Find a component by name, compartment or note")  # fmt: skip
        self.select_all = key("Select &all", self._select_all, menu="Edit", shortcut="Ctrl+A")
        self.add = key("&Add component", self.add_component, menu="Model", shortcut="N",
                       icon_name="add", tip="Add a component to the network")  # fmt: skip
        self.delete = key("&Delete components", self.delete_selected, menu="Model",
                          shortcut=["Del", "Backspace"], icon_name="delete",
                          tip="Delete the selected components; this can be undone")  # fmt: skip
        self.rename = key("&Rename component", lambda: self._selection.ask("inspector", "name"),
                          menu="Model", shortcut="F2", icon_name="rename",
                          tip="Give the selected component another name")  # fmt: skip
        self.edit_rule = key("&Edit rule", lambda: self._selection.ask("inspector", "rule"),
                             menu="Model", shortcut=["F", "Return"],
                             tip="Edit the rule of the selected component")  # fmt: skip
        self.knock_out = key("&Knock out or free", self._knock_out, menu="Perturb", shortcut="K",
                             icon_name="knock-out",
                             tip="Knock the selected components out, or free them")  # fmt: skip
        self.fit_all = key("&Fit network", self.view.fit, menu="View", icon_name="fit",
                           shortcut=["Ctrl+0", "*"], tip="Show the whole network")  # fmt: skip
        self.fit_selected = key("Fit &selection", self._fit_selected, menu="View",
                                shortcut="Ctrl+9", tip="Show what is selected")  # fmt: skip
        self.larger = key("Zoom &in", partial(self.view.zoom_by, 1.25), menu="View",
                          shortcut=["Ctrl++", "Ctrl+=", "+"])  # fmt: skip
        self.smaller = key("Zoom &out", partial(self.view.zoom_by, 0.8), menu="View",
                           shortcut=["Ctrl+-", "-"])  # fmt: skip
        self.hide_others = act("&Hide others", self._hide_others, menu="View", icon_name="hide",
                               tip="Show only the selection and its neighbours")  # fmt: skip
        self.show_all = act("Sho&w all", self._show_all, menu="View", icon_name="show",
                            tip="Show every component")  # fmt: skip
        self.relayout = act("&Lay out again", self.lay_out_again, menu="View", icon_name="layout",
                            tip="Compute a new layout and discard moved positions")  # fmt: skip
        self.toggle_legend = act("&Legend", menu="View", icon_name="legend", checkable=True,
                                 tip="Show the legend of shapes and colours")  # fmt: skip
        self.toggle_map = act("&Overview map", menu="View", icon_name="map", checkable=True,
                              tip="Show the whole network in a corner")  # fmt: skip
        self.export_action = act("&Export drawing…", self.ask_export, menu="File",
                                 icon_name="export", shortcut="Ctrl+Shift+E", everywhere=True,
                                 tip="Save the drawing as SVG, PDF or PNG")  # fmt: skip
        self.collapse = act("&Collapse compartments", self.collapse_selected, menu="View",
                            icon_name="collapse",
                            tip="Draw the compartments of the selected components, or else all, "
                                "as one box each")  # fmt: skip
        self.expand = act("&Expand compartments", self.expand_all, menu="View",
                          icon_name="expand", tip="Draw every component individually")  # fmt: skip
        self.modes = QActionGroup(self)
        for text, sign, name, tip in (
            ("&Select with the mouse", "", "select", "Select and move components"),
            ("Draw &activations", "+", "draw-plus", "Drag from one component to another"),
            ("Draw &inhibitions", "-", "draw-minus", "Drag from one component to another"),
            ("Draw edges of &unknown sign", "±", "draw-dual", "Drag from one to another"),
        ):
            mode = act(text, menu="Model", icon_name=name, checkable=True, tip=tip)
            mode.setData(sign)
            mode.setChecked(not sign)
            self.modes.addAction(mode)
        self.modes.triggered.connect(lambda mode: self.view.draw_edges(mode.data()))
        self.clear_paint = act("&Clear colouring", self._escape, menu="View", shortcut="Esc",
                               icon_name="clear",
                               tip="Show the network without levels")  # fmt: skip
        for action, is_on in ((self.toggle_legend, True), (self.toggle_map, False)):
            action.setChecked(is_on)
            action.toggled.connect(self._place_sheets)

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        row.addWidget(self.search, 1)
        row.addStretch(1)
        for action in (*self.modes.actions(), self.add, self.hide_others, self.show_all,
                       self.collapse, self.expand, self.relayout, self.fit_all,
                       self.toggle_legend, self.toggle_map, self.export_action):  # fmt: skip
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(action.text().replace("&", ""))
            row.addWidget(button)
        return row

    def _follow(self) -> None:
        document, selection = self._document, self._selection
        document.changed.connect(self._on_change)
        document.reset.connect(self._on_reset)
        selection.components_changed.connect(self._show_selection)
        selection.painting_changed.connect(self._show_painting)
        selection.trace_changed.connect(self._show_trace)
        selection.scenario_changed.connect(self._show_scenario)
        self.scene.selectionChanged.connect(self._choose)
        self.scene.moved.connect(self._on_moved)
        self.view.asked_menu.connect(self._open_menu)
        self.view.opened.connect(self._open)
        self.view.joined.connect(self.draw_edge)
        self.banner.cleared.connect(self._escape)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._search_next)
        self.search.left.connect(self._escape)
        self.view.installEventFilter(self)
        style().changed.connect(self._recolour)

    # --- layout ---

    def _on_reset(self) -> None:
        self._fit_next = True
        self.collapsed = frozenset()
        self.scene.hide(())
        self.search.clear()

    def _on_change(self, before: Project, after: Project) -> None:
        if self._network is None or not same_plan(self._network, after.network):
            self._replan()
        elif self._plan is not None and after.network is not self._network:
            self._network = after.network  # notes and claims only
            self._redraw()
        elif before.layout != after.layout and self._plan is not None:
            self.scene.place(with_places(self._plan, after.network, after.layout))
            self.view.looked.emit()

    def _replan(self) -> None:
        """Draw the network of the document, with a layout computed here or by a worker."""
        network = self._document.network
        if self._task is not None:
            self._task.stop()
            self._task = None
        if not len(network):
            self._plan, self._network = None, network
            self._empty.setText(
                "No model is open.\n\nOpen one with Ctrl+O, drop a file here,"
                " or press N to add a component."
            )
            self._stack.setCurrentWidget(self._empty)
            return
        if len(network) > MAX_DRAWN:
            self._plan, self._network = None, network
            self._empty.setText(
                f"This network has {len(network):,} components: too many to draw as a whole.\n\n"
                "Everything else works: components, inputs, scenarios, analyses."
            )
            self._stack.setCurrentWidget(self._empty)
            return
        if len(network) <= QUICK:
            self._show_plan(network, self.collapsed, make_plan(network, self.collapsed))
            return
        if self._plan is None:
            self._empty.setText(f"Drawing {len(network):,} components…")
            self._stack.setCurrentWidget(self._empty)
        task = self._runner.submit("Drawing", make_plan, network, self.collapsed, quiet=True)
        task.finished.connect(partial(self._show_plan, network, self.collapsed))
        task.failed.connect(self._on_failure)
        self._task = task

    def _on_failure(self, sentence: str, _details: str) -> None:
        self._empty.setText(f"The network could not be drawn: {sentence}.")
        self._stack.setCurrentWidget(self._empty)

    def _show_plan(self, network: LogicalNetwork, collapsed: frozenset[str], plan: Plan) -> None:
        if collapsed != self.collapsed or not same_plan(network, self._document.network):
            return  # the network changed meanwhile, and another plan is being made
        self._plan, self._network = plan, self._document.network
        self._stack.setCurrentWidget(self.view)
        self._redraw()
        if self._fit_next:
            self._fit_next = False
            if plan.as_written:
                self._document.say(
                    f"the rule of {plan.as_written[0]} is too complex to determine who activates "
                    "and who inhibits: its edges are drawn as the rule is written",
                    "warning",
                )
            QTimer.singleShot(0, self._look_first)
        self.drawn.emit()

    def _look_first(self) -> None:
        """Show a newly opened network, with the overview if it is large."""
        self.view.fit_readable()
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        self.toggle_map.setChecked(not seen.contains(self.scene.drawing_rect))

    def _redraw(self) -> None:
        assert self._plan is not None
        network = self._document.network
        self._following = True
        try:
            places = self._document.project.layout
            self.scene.show_plan(network, with_places(self._plan, network, places))
        finally:
            self._following = False
        self._show_scenario()
        self._show_painting()
        self._show_trace()
        self._show_selection()
        self.view.looked.emit()

    # --- display ---

    def _show_painting(self) -> None:
        self.scene.set_painting(self._selection.painting)
        self._show_caption()
        self._show_legend()

    def _show_trace(self) -> None:
        self.scene.set_trace(self._selection.traced)
        self._show_caption()
        self._show_legend()

    def _show_caption(self) -> None:
        painting, trace = self._selection.painting, self._selection.traced
        self.banner.show_caption(
            painting.caption if painting else "", trace.caption if trace else ""
        )

    def _show_scenario(self) -> None:
        self.scene.set_perturbation(self._selection.scenario.perturbation)
        self._show_legend()

    def _show_legend(self) -> None:
        self.legend.show_keys(self._legend_keys())
        self._place_sheets()

    def _legend_keys(self) -> list[Key]:
        if self._plan is None or self._network is not self._document.network:
            return []
        return legend_keys(
            self._document.network,
            self._plan.edges,
            self._selection.painting,
            self._selection.scenario.perturbation,
            claimed=bool(self._plan.claimed),
            trace=self._selection.traced,
        )

    def _show_selection(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            chosen = set(self._selection.components)
            for name, node in self.scene.nodes.items():
                if node.isSelected() != (name in chosen):
                    node.setSelected(name in chosen)
        finally:
            self._following = False
        self.scene.selection_changed()
        self.minimap.update()
        last = self.scene.nodes.get(self._selection.component)
        if last is not None and len(self._selection.components) == 1 and not self.view.hasFocus():
            self.view.bring(last)

    def _choose(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            before = self._selection.components
            chosen = {n.name for n in self.scene.selectedItems() if isinstance(n, NodeItem)}
            kept = [n for n in before if n in chosen]
            self._selection.select([*kept, *sorted(chosen - set(before))])
        finally:
            self._following = False
        self.scene.selection_changed()
        self.minimap.update()

    def _recolour(self) -> None:
        self.scene.recolour()
        self.legend.update()
        self.minimap.update()

    def _place_sheets(self) -> None:
        """Place legend and overview in their corners."""
        is_drawn = self._plan is not None
        wants_legend = is_drawn and self.toggle_legend.isChecked()
        wants_map = is_drawn and self.toggle_map.isChecked()
        place_sheets(self.view, self.legend, self.minimap, wants_legend, wants_map)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keep the sheets in their corners."""
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self._place_sheets()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    # --- searching ---

    def matches(self, text: str) -> list[str]:
        """Return the components that match a search, those whose name begins with it first."""
        held = self._selection.scenario.perturbation.clamps
        return matches(self._document.network, held, text)

    def _search(self, text: str) -> None:
        self.scene.find(self.matches(text) if text.strip() else None)

    def _search_next(self) -> None:
        names = self.matches(self.search.text()) if self.search.text().strip() else []
        if not names:
            self._document.say(f"no component matches “{self.search.text()}”", "info")
            return
        at = names.index(self._selection.component) + 1 if self._selection.component in names else 0
        name = names[at % len(names)]
        self._selection.select(name)
        node = self.scene.nodes.get(name)
        if node is None:
            self._expand(self._document.network[name].compartment)
        else:
            self.view.centerOn(node)

    def _escape(self) -> None:
        """End the first of drawing mode, search, running job, trace, colouring, selection."""
        if self.view.sign:
            self.modes.actions()[0].trigger()
        elif self.search.text():
            self.search.clear()
            self.view.setFocus()
        elif self._runner.active:
            self._runner.stop_all()
        elif self._selection.traced is not None:
            self._selection.trace(None)
        elif self._selection.painting is not None:
            self._selection.paint(None)
        else:
            self._selection.select()

    # --- editing ---

    def add_component(self, place: QPointF | None = None) -> None:
        """Add a component without a rule, at a point of the drawing."""
        at = (place.x(), place.y()) if place is not None and self._plan is not None else None
        name = network_edits.add_component(self._document, self._places(), at)
        self._selection.select(name)
        self._selection.ask("inspector", "name")

    def _places(self) -> dict[str, tuple[float, float]]:
        return {n: (round(x, 1), round(y, 1)) for n, (x, y) in self.scene.places().items()}

    def draw_edge(self, source: str, target: str) -> None:
        """Claim the drawn edge, and offer to add it to the rule."""
        network_edits.claim(self._document, source, target, self.view.sign)
        self._selection.select(target)
        self._selection.ask("inspector", "rule")

    # --- compartments ---

    def collapse_selected(self) -> None:
        """Draw the compartments of the selected components, or else all, as one box each."""
        network = self._document.network
        names = self._selection.components or network.names
        wanted = {network[name].compartment for name in names} - {""}
        if not wanted:
            self._document.say("no compartment to collapse: no component has a compartment", "info")
            return
        self._collapse(self.collapsed | wanted)

    def expand_all(self) -> None:
        """Draw every component individually."""
        self._collapse(frozenset())

    def _expand(self, compartment: str) -> None:
        self._collapse(self.collapsed - {compartment})

    def _collapse(self, compartments: frozenset[str]) -> None:
        if compartments != self.collapsed:
            self.collapsed = compartments
            self._fit_next = True
            self._replan()

    def delete_selected(self) -> None:
        """Delete the selected components; rules then see them at level 0."""
        network_edits.delete(self._document, self._selection.components)

    def _knock_out(self) -> None:
        edits.toggle_knock_out(self._document, self._selection, *self._selection.components)

    def _on_moved(self, moved: dict[str, tuple[float, float]]) -> None:
        network_edits.move(self._document, self._places(), list(moved))

    def lay_out_again(self) -> None:
        """Discard moved positions and compute the layout again."""
        self._document.change("Lay out again", replace(self._document.project, layout={}))
        self.view.fit()

    def _select_all(self) -> None:
        self._selection.select(self._document.network.names)

    def _fit_selected(self) -> None:
        nodes = [self.scene.nodes[n] for n in self._selection.components if n in self.scene.nodes]
        box = QRectF()
        for node in nodes:
            box = box.united(node.sceneBoundingRect())
        self.view.fit(box.adjusted(-60, -60, 60, 60) if nodes else None)

    def _hide_others(self) -> None:
        chosen = set(self._selection.components)
        if not chosen:
            self._document.say("select the components to keep, then hide the others", "info")
            return
        kept = set(chosen)
        for name in chosen & self.scene.nodes.keys():
            kept |= self.scene.neighbours(name)
        self.scene.hide(set(self.scene.nodes) - kept)
        self.minimap.update()

    def _show_all(self) -> None:
        self.scene.hide(())
        self.minimap.update()

    # --- menus ---

    def _open(self, item: NodeItem | EdgeItem | None, place: QPointF) -> None:
        if isinstance(item, GroupItem):
            self._expand(item.component.compartment)
        elif isinstance(item, NodeItem):
            self._selection.select(item.name)
            self._selection.ask("inspector", "rule")
        elif isinstance(item, EdgeItem):
            self._selection.select(item.target.name)
            self._selection.ask("inspector", "rule")
        else:
            self.add_component(place)

    def _open_menu(self, item: NodeItem | EdgeItem | None, place: QPoint) -> None:
        if isinstance(item, GroupItem):
            self.menu = QMenu(self)
            compartment = item.component.compartment
            expand = self.menu.addAction(f"Expand {compartment}")
            expand.triggered.connect(partial(self._expand, compartment))
            self.menu.addActions([self.expand])
        elif isinstance(item, NodeItem):
            self.menu = drawn_menu(self, self._document, self._selection, item.name, self.scene)
        elif isinstance(item, EdgeItem):
            self.menu = self._edge_menu(item)
        else:
            self.menu = QMenu(self)
            self.menu.addActions([self.add, self.fit_all, self.show_all, self.relayout])
            self.menu.addSeparator()
            self.menu.addActions([self.toggle_legend, self.toggle_map, self.export_action])
        self.menu.popup(place)

    def _edge_menu(self, item: EdgeItem) -> QMenu:
        if isinstance(item.source, GroupItem) or isinstance(item.target, GroupItem):
            menu = QMenu(self)
            menu.addActions([self.expand])
            return menu
        return edge_menu(
            self, self._document, self._selection, item.source.name, item.target.name,
            is_claimed=item.is_claimed,
        )  # fmt: skip

    def hold(self, name: str, level: int | None) -> None:
        """Hold a component at a level in the current scenario, or free it."""
        hold(self._document, self._selection, name, level)

    # --- exporting ---

    def ask_export(self) -> None:
        """Ask for a file and save the drawing there."""
        if self._plan is None:
            self._document.say("there is no drawing to export", "info")
            return
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export the drawing",
            f"{self._document.network.name or 'network'}.svg",
            "SVG drawing (*.svg);;PDF (*.pdf);;PNG picture (*.png)",
        )
        if name:
            try:
                self.export(Path(name))
            except RegnetError as error:
                self._document.say(error)

    def export(self, path: Path) -> None:
        """Save the drawing, with its caption and legend, in the format of the file extension.

        Raises
        ------
        RegnetError
            If the file cannot be written or its extension is not .svg, .pdf or .png.
        """
        save(self.scene, self._caption(), self._legend_keys(), path)

    def _caption(self) -> str:
        painting = self._selection.painting
        shown = painting.caption if painting else self._selection.scenario_title
        trace = self._selection.traced
        return f"{self._document.title}: {shown}" + (f"; {trace.caption}" if trace else "")
