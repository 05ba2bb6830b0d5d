"""Exchange: messages about opened and saved files, and filters of file dialogs. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regnet.formats import FORMATS, Format
from regnet.network import Claim, LogicalNetwork
from regnet.project import Reading

EVERYTHING = "All files (*)"
SETTINGS_FILTER = "Settings of MaBoSS (*.cfg)"


def read_words(reading: Reading, path: Path) -> str:
    """Return a sentence about what was read: its size, format and number of remarks."""
    network = reading.project.network
    parts = [_counted(len(network), "component"), _counted(count_edges(network), "edge")]
    if network.inputs:
        parts.append(_counted(len(network.inputs), "input"))
    for what in ("scenario", "phenotype", "experiment"):
        if number := len(getattr(reading.project, f"{what}s")):
            parts.append(_counted(number, what))
    chosen = FORMATS.get(reading.format)
    kind = f" ({_short(chosen)})" if chosen is not None and chosen.name != "toml" else ""
    words = f"Read {', '.join(parts)} from {path.name}{kind}."
    if reading.remarks:
        doubts = sum(remark.severity == "warning" for remark in reading.remarks)
        words += f" {_counted(doubts, 'remark')} to check." if doubts else " Nothing was lost."
    if chosen is not None and not chosen.writes:
        words += " This format cannot be saved: save it as another one."
    elif chosen is not None and not chosen.rules:
        words += " Its rules are assumed: save it as a new model, as this format holds wiring only."
    elif chosen is not None and chosen.loses:
        words += f" Saved in this format, it would not hold: {chosen.loses}."
    return words


def claim_words(unused: Sequence[Claim]) -> str:
    """Return a sentence about claimed edges that no rule uses."""
    first, rest = unused[0], len(unused) - 1
    more = f"; {rest} more edge{'s are' if rest > 1 else ' is'} claimed but unused" if rest else ""
    return (
        f"{first.source} → {first.target} is claimed, but the rule of {first.target} never uses "
        f"it{more}."
    )


def settings_words(names: Sequence[str]) -> str:
    """Return a sentence about the settings files that could be chosen for a file."""
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    hold = "holds" if len(names) == 1 else "hold"
    return f"{shown} beside it {hold} rates and starts for it, which are not used."


def loss_words(path: Path, format: str, lost: Sequence[str]) -> str:
    """Return a sentence about what saving in a format would lose."""
    title = _short(FORMATS[format])
    told = lost[0] if len(lost) == 1 else f"{len(lost)} things would be lost or changed"
    return f"{path.name} is not saved yet, because “{title}” cannot hold everything: {told}."


def open_filters() -> list[str]:
    """Return the filters of the open dialog, with all models first."""
    readable = [f for f in FORMATS.values() if f.reads]
    endings = dict.fromkeys(ending for f in readable for ending in f.extensions)
    models = f"Models ({' '.join(f'*{ending}' for ending in endings)})"
    return [models, *(_filter(f) for f in readable), EVERYTHING]


def save_filters(own: str = "") -> list[str]:
    """Return the writable formats by dialog filter, that of the file first."""
    writable = [f for f in FORMATS.values() if f.writes]
    return [_filter(f) for f in sorted(writable, key=lambda f: f.name != own)]


def chosen_file(path: Path, kind: str) -> tuple[Path, str]:
    """Return the chosen file and format: the extension decides, then the filter."""
    chosen = next((f for f in FORMATS.values() if kind and _filter(f) == kind), FORMATS["toml"])
    ending = path.suffix.lower()
    if ending in chosen.extensions:
        return path, chosen.name
    if any(f.writes and ending in f.extensions for f in FORMATS.values()):
        return path, ""
    return path.with_name(path.name + chosen.extensions[0]), chosen.name


def count_edges(network: LogicalNetwork) -> int:
    """Return the number of pairs of a component and one that its rule names."""
    return sum(
        len({variable.name for variable in component.rule.thresholds()})
        for component in network.components
        if component.rule is not None
    )


def _filter(format: Format) -> str:
    """Return the filter of a format in file dialogs."""
    return f"{format.title} ({' '.join(f'*{ending}' for ending in format.extensions)})"


def _short(format: Format) -> str:
    """Return the title of a format without its program."""
    return format.title.partition(" (")[0]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
