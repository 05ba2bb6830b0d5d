"""Figures are well-formed SVG in which nothing is cut off and nothing depends on colour alone."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.structure import find_edges
from regnet.figures.heatmap import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Matrix,
    attractor_heatmap,
    screen_matrix,
)
from regnet.figures.network import network_figure, network_layout
from regnet.figures.theme import ADAPTIVE, DARK, LIGHT, Theme, level_step, stylesheet
from regnet.layout import text_width
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script>&amp;\x07'


def small_network() -> LogicalNetwork:
    components = (
        Component("Dose", top=2, compartment="blood"),
        Component("A_gene_with_a_very_long_name", Rule.of("Dose & !B"), compartment="cell"),
        Component("B", Rule.parse({2: "A_gene_with_a_very_long_name & B", 1: "Dose:2"}), 2, "cell"),
    )
    return LogicalNetwork(components, (Claim("Dose", "B", "+", "assumption"),), "small")


def origin_of(network: LogicalNetwork) -> Origin:
    return Origin(network.name, network.digest, network.names, Scenario(), "explicit")


def texts(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(f"{SVG}text"))


def words(svg: str) -> list[str]:
    return [t.text or "" for t in texts(svg)]


def assert_nothing_cut(svg: str) -> None:
    root = ET.fromstring(svg)
    left, top, width, height = map(float, root.get("viewBox", "").split())
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", 0))
        length = text_width(text.text or "", size, bold=text.get("font-weight") == "bold")
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\) rotate", text.get("transform", ""))
        if moved:
            assert top <= float(moved[2]) - length
            assert float(moved[2]) <= top + height
            continue
        if any(text in list(g) and g.get("transform") for g in root.iter(f"{SVG}g")):
            continue
        x = float(text.get("x", 0))
        anchor = text.get("text-anchor", "start")
        start = x - {"start": 0, "middle": length / 2, "end": length}[anchor]
        assert left - 1 <= start
        assert start + length <= left + width + 1, text.text
        assert top <= float(text.get("y", 0)) <= top + height


def test_that_every_component_is_named_and_nothing_is_cut() -> None:
    network = small_network()
    svg = network_figure(network)
    assert set(network.names) <= set(words(svg))
    assert {"blood", "cell", "0..2", "activates", "inhibits", "assumption", "input"} <= set(
        words(svg)
    )
    assert_nothing_cut(svg)


def test_that_labels_fit_into_their_nodes() -> None:
    network = small_network()
    layout = network_layout(network)
    for c in network.components:
        assert layout.sizes[c.name][0] > text_width(f"{c.name} {'0..2' if c.top > 1 else ''}", 12)


def test_that_signs_differ_by_shape() -> None:
    network = small_network()
    edges = {e.sign: e for e in find_edges(network)}
    plus, minus = (
        network_figure(network, edges=[edges[s]], layout=network_layout(network), legend=False)
        for s in "+-"
    )
    corners = [
        len(ET.fromstring(svg).find(f".//{SVG}polygon").get("points").split())  # type: ignore[union-attr]
        for svg in (plus, minus)
    ]
    assert corners == [3, 4]  # an arrow, a bar


def test_that_painted_levels_are_printed() -> None:
    network = small_network()
    levels = Space({"Dose": 2, "A_gene_with_a_very_long_name": 0, "B": (0, 2)})
    shown = words(network_figure(network, levels=levels))
    assert "2" in shown
    assert "0" in shown
    assert "0–2" in shown


def test_that_knock_outs_and_forced_levels_are_words() -> None:
    held = Perturbation(Space({"B": 0, "Dose": 2}))
    shown = words(network_figure(small_network(), perturbation=held))
    assert "KO" in shown
    assert "= 2" in shown


def test_that_placed_components_are_drawn_where_they_are() -> None:
    network = small_network()
    layout = network_layout(network, fixed={"B": (900.0, 50.0)})
    assert layout.positions["B"] == (900.0, 50.0)
    assert_nothing_cut(network_figure(network, layout=layout))


@pytest.mark.parametrize("theme", [LIGHT, DARK, ADAPTIVE])
def test_that_hostile_names_stay_text(theme: Theme) -> None:
    name = HOSTILE.strip()
    network = LogicalNetwork((Component(name, note=name, compartment=name),), name=name)
    attractor = Attractor("fixed point", 1, Space({name: 1}), Space({name: 1}), (name,))
    found = Attractors(origin=origin_of(network), attractors=(attractor,))
    for svg in (
        network_figure(network, theme=theme),
        *attractor_heatmap(found, network, theme=theme),
    ):
        root = ET.fromstring(svg)
        assert not list(root.iter("script"))
        assert not list(root.iter(f"{SVG}script"))
        assert any("alert(" in (t.text or "") for t in root.iter(f"{SVG}text"))


def test_that_a_plain_theme_needs_no_style_sheet() -> None:
    assert "var(" not in network_figure(small_network(), theme=LIGHT)


def test_that_the_style_sheet_defines_every_colour_in_both_modes() -> None:
    network = small_network()
    levels = Space(dict.fromkeys(network.names, 1))
    drawn = network_figure(network, levels=levels, theme=ADAPTIVE)
    light, dark = stylesheet().split("@media")
    for role in set(re.findall(r"var\(--([\w-]+)\)", drawn)):
        assert f"--{role}:#" in light
        assert f"--{role}:#" in dark


def test_that_a_heat_map_prints_every_level() -> None:
    network = small_network()
    space = Space({"Dose": 2, "A_gene_with_a_very_long_name": 1, "B": (0, 2)})
    found = Attractors(
        origin=origin_of(network), attractors=(Attractor("complex", 4, space, space, ("sick",)),)
    )
    (svg,) = attractor_heatmap(found, network)
    assert {"2", "1", "0–2", "A1: complex, 4 states", "sick"} <= set(words(svg))
    assert_nothing_cut(svg)


def test_that_levels_set_by_free_inputs_do_not_look_like_oscillations() -> None:
    network = small_network()
    space = Space({"Dose": (0, 2), "A_gene_with_a_very_long_name": 1, "B": 0})
    follower = Attractor(
        "fixed point", 1, space, space, condition=Space({"Dose": (0, 2)}), valuations=3
    )
    (svg,) = attractor_heatmap(
        Attractors(origin=origin_of(network), attractors=(follower,)), network
    )
    assert "follows the inputs" in words(svg)
    assert not any("keeps changing" in w for w in words(svg))


def test_that_large_heat_maps_are_split_without_loss() -> None:
    names = [f"Component{i}" for i in range(MAX_COLUMNS + 5)]
    network = LogicalNetwork(tuple(Component(n) for n in names), name="wide")
    space = Space(dict.fromkeys(names, 1))
    many = tuple(Attractor("fixed point", 1, space, space) for _ in range(MAX_ROWS + 3))
    parts = attractor_heatmap(Attractors(origin=origin_of(network), attractors=many), network)
    assert len(parts) == 4
    for svg in parts:
        assert_nothing_cut(svg)
    cells = sum(words(svg).count("1") for svg in parts)
    assert cells == len(names) * len(many)


def screen_of(network: LogicalNetwork, contexts: tuple[str, ...], count: int) -> Screen:
    rows = []
    for context in contexts:
        rows.append(ScreenRow(Perturbation(), context, 1, {}, {"B": (1, 1)}, False))
        for i in range(count):
            done = Perturbation(Space({"B": 0}), name=f"perturbation {i}")
            rows.append(ScreenRow(done, context, 1, {}, {"B": (0, 0)}, True))
    scenarios = tuple(Scenario(c) for c in contexts)
    return Screen(
        origin=origin_of(network),
        contexts=scenarios,
        phenotypes=(),
        readouts=("B",),
        rows=tuple(rows),
    )


def test_that_a_screen_marks_what_differs_and_repeats_the_wild_type() -> None:
    network = small_network()
    parts = screen_matrix(screen_of(network, ("with a long name", "high"), MAX_ROWS + 1), network)
    assert len(parts) == 2
    for svg in parts:
        assert "wild type" in words(svg)
        assert {"with a long name", "high"} <= set(words(svg))
        assert_nothing_cut(svg)
    assert "differs from the wild type" in words(parts[-1])


def test_that_a_failed_row_is_a_question_mark() -> None:
    network = small_network()
    row = ScreenRow(Perturbation(Space({"B": 0})), "high", None, {}, {}, None, "failed: no time")
    screen = Screen(
        origin=origin_of(network),
        contexts=(Scenario("high"),),
        phenotypes=(),
        readouts=("B",),
        rows=(row,),
    )
    (svg,) = screen_matrix(screen, network)
    assert "?" in words(svg)


def test_that_level_colours_span_the_whole_ramp() -> None:
    assert [level_step(k, 2) for k in range(3)] == [0, 6, 12]
    assert [level_step(k, 1) for k in range(2)] == [0, 12]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_text_and_lines_can_be_read_on_their_background(theme: Theme) -> None:
    for ink, paper in [("ink", "paper"), ("muted", "paper"), ("muted", "band"), ("ink", "node"),
                       ("badge-ink", "badge"), ("free-ink", "free"), ("ink", "varies"),
                       *((f"ink-{i}", f"level-{i}") for i in range(9))]:  # fmt: skip
        assert contrast(theme[ink], theme[paper]) >= 4.5, (ink, paper)
    for line in ("plus", "minus", "dual", "changed"):
        assert contrast(theme[line], theme["paper"]) >= 3
        assert contrast(theme[line], theme["band"]) >= 3
    for a, b in combinations(("plus", "minus", "dual"), 2):
        assert theme[a] != theme[b]


@pytest.mark.parametrize("labels", [(), ("a", "b")])
@pytest.mark.parametrize("columns", [(), ("X", "Y", "Z")])
def test_that_an_empty_matrix_is_drawn_both_ways(
    labels: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    cells = [[Cell("1", "level") for _ in columns] for _ in labels]
    matrix = Matrix("Title", labels, columns, cells)
    other = matrix.transposed()
    assert (list(other.labels), list(other.columns)) == (list(columns), list(labels))
    assert len(other.cells) == len(columns)
    for drawn in (matrix, other):
        assert drawn.drawing(()).width > 0
