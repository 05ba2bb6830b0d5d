"""Layouts are complete, repeatable, fast, and keep to bands and to what people placed."""

import random
import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.layout import Layout, lay_out, node_size, text_width, with_positions

NAMES = [f"N{i}" for i in range(9)]


def sizes_of(names: list[str]) -> dict[str, tuple[float, float]]:
    return {name: node_size(name) for name in names}


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    found = []
    for a, b in combinations(layout.positions, 2):
        (ax, ay), (bx, by) = layout.positions[a], layout.positions[b]
        (aw, ah), (bw, bh) = layout.sizes[a], layout.sizes[b]
        if abs(ax - bx) < (aw + bw) / 2 and abs(ay - by) < (ah + bh) / 2:
            found.append((a, b))
    return found


def on_rim(layout: Layout, name: str, point: tuple[float, float]) -> bool:
    (x, y), (width, height) = layout.positions[name], layout.sizes[name]
    inside_x = abs(point[0] - x) <= width / 2 + 0.02
    inside_y = abs(point[1] - y) <= height / 2 + 0.02
    at_side = abs(abs(point[0] - x) - width / 2) < 0.02
    at_top = abs(abs(point[1] - y) - height / 2) < 0.02
    return inside_x and inside_y and (at_side or at_top)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]], dict[str, str]]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    edges = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=25))
    bands = draw(st.lists(st.sampled_from(["", "cell", "blood"]),
                          min_size=len(names), max_size=len(names)))  # fmt: skip
    return names, edges, dict(zip(names, bands, strict=True))


@given(graphs())
@settings(max_examples=60)
def test_that_every_node_and_edge_is_drawn_without_overlap(
    graph: tuple[list[str], list[tuple[str, str]], dict[str, str]],
) -> None:
    names, edges, compartments = graph
    layout = lay_out(sizes_of(names), edges, compartments=compartments)
    assert set(layout.positions) == set(names)
    assert set(layout.routes) == set(edges)
    assert not overlaps(layout)
    for (source, target), route in layout.routes.items():
        assert len(route) % 3 == 1
        assert on_rim(layout, source, route[0])
        assert on_rim(layout, target, route[-1])
    for x, y in [*layout.positions.values(), *(p for r in layout.routes.values() for p in r)]:
        assert layout.left <= x <= layout.right
        assert layout.top <= y <= layout.bottom


@given(graphs())
@settings(max_examples=30)
def test_that_bands_hold_their_members_and_follow_each_other(
    graph: tuple[list[str], list[tuple[str, str]], dict[str, str]],
) -> None:
    names, edges, compartments = graph
    layout = lay_out(sizes_of(names), edges, compartments=compartments)
    for upper, lower in zip(layout.bands, layout.bands[1:], strict=False):
        assert upper.bottom < lower.top
    for band in layout.bands:
        for name in names:
            if compartments[name] == band.title:
                (x, y), (width, height) = layout.positions[name], layout.sizes[name]
                assert band.left + layout.gutter <= x - width / 2
                assert x + width / 2 <= band.right
                assert band.top <= y - height / 2
                assert y + height / 2 <= band.bottom


def test_that_bands_come_in_the_order_in_which_components_name_them() -> None:
    compartments = {"A": "nucleus", "B": "membrane", "C": "nucleus"}
    layout = lay_out(sizes_of(["A", "B", "C"]), [("B", "A")], compartments=compartments)
    assert [b.title for b in layout.bands] == ["nucleus", "membrane"]


def test_that_a_given_order_of_bands_wins() -> None:
    compartments = {"A": "nucleus", "B": "membrane", "C": "blood"}
    layout = lay_out(
        sizes_of(["A", "B", "C"]), [], compartments=compartments, order=["membrane", "nucleus"]
    )
    assert [b.title for b in layout.bands] == ["membrane", "nucleus", "blood"]


def test_that_a_network_without_compartments_has_one_band_without_a_title() -> None:
    layout = lay_out(sizes_of(["A", "B"]), [("A", "B")])
    assert [b.title for b in layout.bands] == [""]
    assert layout.gutter == 0


def test_that_the_title_of_a_band_fits_left_of_the_nodes() -> None:
    title = "endoplasmic reticulum"
    layout = lay_out(sizes_of(["A"]), [], compartments={"A": title})
    assert layout.gutter > text_width(title, 12, bold=True)


def test_that_edges_run_down_where_they_can() -> None:
    layout = lay_out(sizes_of(["A", "B", "C"]), [("A", "B"), ("B", "C"), ("C", "A")])
    heights = [layout.positions[n][1] for n in "ABC"]
    assert heights == sorted(heights)


def test_that_an_edge_to_itself_stays_beside_its_node() -> None:
    layout = lay_out(sizes_of(["A"]), [("A", "A")])
    assert all(p[0] >= layout.positions["A"][0] for p in layout.routes["A", "A"])


def test_that_edges_there_and_back_are_apart() -> None:
    layout = lay_out(sizes_of(["A", "B"]), [("A", "B"), ("B", "A")])
    assert layout.routes["A", "B"][0] != layout.routes["B", "A"][-1]


def test_that_the_same_network_is_always_drawn_the_same() -> None:
    rng = random.Random(3)
    names = [f"X{i}" for i in range(40)]
    edges = [(rng.choice(names), rng.choice(names)) for _ in range(90)]
    assert lay_out(sizes_of(names), edges) == lay_out(sizes_of(names), edges)


def test_that_placed_components_stay_exactly_where_they_are() -> None:
    edges = [("A", "B"), ("B", "C"), ("C", "A"), ("C", "C"), ("B", "A")]
    fixed = {"A": (400.0, -30.0), "B": (12.5, 333.0)}
    layout = lay_out(sizes_of(["A", "B", "C"]), edges, fixed=fixed)
    assert layout.positions["A"] == (400.0, -30.0)
    assert layout.positions["B"] == (12.5, 333.0)
    assert not overlaps(layout)
    assert set(layout.routes) == set(edges)
    assert layout.top < -30


def test_that_a_new_component_steps_aside_for_placed_ones() -> None:
    names = ["A", "B", "C"]
    automatic = lay_out(sizes_of(names), [])
    fixed = {"A": automatic.positions["B"], "B": automatic.positions["A"]}
    assert not overlaps(lay_out(sizes_of(names), [], fixed=fixed))


def test_that_moving_one_component_leaves_the_ways_of_the_other_edges_alone() -> None:
    edges = [("A", "B"), ("B", "C"), ("A", "C"), ("C", "D"), ("D", "A")]
    automatic = lay_out(sizes_of(["A", "B", "C", "D"]), edges)
    x, y = automatic.positions["D"]
    fixed = {**automatic.positions, "D": (x + 90, y + 10)}
    moved = with_positions(automatic, fixed, {})
    for pair in edges:
        assert (moved.routes[pair] == automatic.routes[pair]) == ("D" not in pair)


def test_that_nothing_to_draw_is_an_empty_drawing() -> None:
    assert lay_out({}, []).positions == {}


def test_that_names_are_never_wider_than_their_nodes() -> None:
    ttf = pytest.importorskip("reportlab.pdfbase.ttfonts")
    pdfmetrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
    matplotlib = pytest.importorskip("matplotlib")
    path = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    pdfmetrics.registerFont(ttf.TTFont("Measured", path))
    for name in ["LIF", "WWWWWW", "IL-6/STAT3", "β-catenin", "ΔNp63 → x", "lll", "ŁÓDŹ"]:
        assert text_width(name, 12) >= pdfmetrics.stringWidth(name, "Measured", 12) - 0.6


def test_that_320_components_take_less_than_a_second() -> None:
    rng = random.Random(1)
    names = [f"Gene{i}" for i in range(320)]
    edges = [(names[rng.randrange(i)], names[i]) for i in range(1, 320)]
    edges += [(rng.choice(names), rng.choice(names)) for _ in range(200)]
    bands = {name: f"band {i % 4}" for i, name in enumerate(names)}
    started = time.process_time()
    lay_out(sizes_of(names), edges)
    plain = time.process_time() - started
    lay_out(sizes_of(names), edges, compartments=bands)
    assert plain < 1.5  # 0.6 s on a 2024 laptop core; room for a busy test machine
