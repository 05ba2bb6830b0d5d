"""Columns of a screen in a folder, by which a table sorts and filters without its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from regnet.screens import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from regnet.scenario import Perturbation


class LazyColumns:
    """The columns of a screen, each read and computed when first requested.

    Parameters
    ----------
    rows
        The rows of a folder.
    titles
        Titles of the columns of the table; a column named after a readout holds its levels.
    name
        A function that returns the label of a perturbation.
    """

    def __init__(
        self, rows: Rows, titles: Sequence[str], name: Callable[[Perturbation], str]
    ) -> None:
        self.rows, self.titles, self._name = rows, titles, name
        self.plan = rows.folder.plan
        self._texts: dict[str, tuple[NDArray[np.int64], list[str]]] = {}
        self._parts: NDArray[np.int32] | None = None

    @property
    def failed(self) -> int:
        """Number of rows without an answer."""
        return int((self._column("attractors") < 0).sum())

    def numbers(self, title: str) -> NDArray[np.float64]:
        """Return a column of numbers, nan where unknown."""
        import numpy as np

        if title in self.plan.readouts:
            low, high = self._column(f"low {title}"), self._column(f"high {title}")
            values = low + (high - low) / 1000  # sorts ranges after their lowest level
            return np.where(low < 0, np.nan, values)
        values = self._column("attractors").astype(float)
        return np.where(values < 0, np.nan, values)

    def ranks(self, title: str) -> NDArray[np.float64]:
        """Return numbers that sort like the texts of a column."""
        import numpy as np

        if title == "Perturbation":
            names = self._names()
            place = np.empty(len(names) + 1, np.int64)
            place[np.argsort(np.array(names, str))] = np.arange(1, len(names) + 1)
            place[-1] = 0
            found = np.zeros(len(self.rows), float)
            for column in self._made_of().T:
                found = found * (len(names) + 1) + place[column]
            return found
        codes, texts = self._coded(title)
        order = np.argsort(np.array([text.lower() for text in texts], str), kind="stable")
        rank = np.empty(len(texts), float)
        rank[order] = np.arange(len(texts))
        return rank[codes]

    def having(self, titles: Sequence[str], word: str) -> NDArray[np.bool_]:
        """Return which rows contain a word in one of these text columns."""
        import numpy as np

        found = np.zeros(len(self.rows), bool)
        for title in titles:
            if title == "Perturbation":
                has = np.array([word in text.lower() for text in [*self._names(), ""]], bool)
                found |= has[self._made_of()].any(axis=1)
                if word in self._name_of(()).lower():
                    found |= (self._made_of() < 0).all(axis=1)
                continue
            codes, texts = self._coded(title)
            found |= np.array([word in text.lower() for text in texts], bool)[codes]
        return found

    # --- reading ---

    def _column(self, quantity: str) -> NDArray[np.int64]:
        return self.rows.folder.numbers(quantity)[: len(self.rows)]

    def _made_of(self) -> NDArray[np.int32]:
        """Return the parts of each row, as numbered by `Plan.parts`."""
        import numpy as np

        if self._parts is None:
            blocks = [self.plan.parts(begin, end) for _, begin, end in self.plan.blocks()]
            one = np.concatenate(blocks)
            self._parts = np.resize(
                one, (len(self.rows), one.shape[1])
            )  # repeated for each context
        return self._parts

    def _names(self) -> list[str]:
        count = len(self.plan.singles) + len(self.plan.cuts)
        return [self._name_of((i,)) for i in range(count)]

    def _name_of(self, parts: Sequence[int]) -> str:
        return self._name(self.plan.perturbation_of(parts))

    def _coded(self, title: str) -> tuple[NDArray[np.int64], list[str]]:
        """Return for each row the number of its text, and the texts."""
        import numpy as np

        if title not in self._texts:
            columns = self._what_decides(title)
            codes = np.zeros(len(self.rows), np.int64)
            for column in columns:
                _, own = np.unique(column, return_inverse=True)
                codes = codes * (int(own.max(initial=0)) + 1) + own.reshape(-1)
                _, codes = np.unique(codes, return_inverse=True)
                codes = codes.reshape(-1)
            _, first = np.unique(codes, return_index=True)
            self._texts[title] = codes, [self._text(title, int(i)) for i in first]
        return self._texts[title]

    def _what_decides(self, title: str) -> list[NDArray[np.int64]]:
        """Return columns of numbers that together determine the text of a row."""
        import numpy as np

        context = np.arange(len(self.rows)) // self.plan.width
        counts = [self._column(f"phenotype {p.name}") for p in self.plan.phenotypes]
        match title:
            case "Context":
                return [context]
            case "Changed":
                is_wild = np.arange(len(self.rows)) % self.plan.width == 0
                return [self._column("changed"), is_wild.astype(np.int64)]
            case "Status":
                return [self._column("exact"), np.sign(self._column("attractors"))]
            case "Outcome":
                return counts
            case _:  # phenotypes gained or lost
                return [context, *(np.sign(count) for count in counts)]

    def _text(self, title: str, number: int) -> str:
        row = self.rows[number]
        wild = self.rows[number - number % self.plan.width]
        match title:
            case "Context":
                return row.context
            case "Changed":
                return row_changed(number % self.plan.width == 0, row.changed)
            case "Status":
                return row.status
            case "Outcome":
                return ", ".join(
                    f"{n} ×{count:,}" if count > 1 else n for n, count in row.phenotypes.items()
                )
            case "Gained":
                return ", ".join(n for n in row.phenotypes if n not in wild.phenotypes)
            case _:
                return ", ".join(n for n in wild.phenotypes if n not in row.phenotypes)


def row_changed(is_wild: bool, changed: bool | None) -> str:
    """Return the word for whether a row differs from its wild type."""
    return "reference" if is_wild else {True: "yes", False: "no", None: "unknown"}[changed]
