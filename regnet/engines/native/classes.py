"""Classes of equivalent trap spaces, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regnet.engines.native.clauses import Words
from regnet.engines.native.compiling import compiled

_ONE = np.uint64(1)


@compiled
def keys_of(rows: Words, always: Words, around: Words, keys: Words) -> None:
    """Write the key of each trap space for a question.

    `always` is a bit for each variable that is asked for; of the others, a space's oscillating
    variables and what regulates them (``around[v]``) count. The last word tells whether any
    oscillates.
    """
    words = rows.shape[1] // 2
    mask = np.zeros(words, np.uint64)
    for r in range(len(rows)):
        mask[:] = always
        any_free = False
        for w in range(words):
            free = rows[r, w] & rows[r, words + w]
            v = 64 * w
            while free:
                any_free = True
                while free & np.uint64(255) == 0:
                    free >>= np.uint64(8)
                    v += 8
                while free & _ONE == 0:
                    free >>= _ONE
                    v += 1
                mask |= around[v]
                free >>= _ONE
                v += 1
        for w in range(words):
            keys[r, w] = rows[r, w] & mask[w]
            keys[r, words + w] = rows[r, words + w] & mask[w]
        keys[r, 2 * words] = any_free


@compiled
def classes_of(keys: Words, kind: NDArray[np.int64], first: NDArray[np.int64]) -> int:
    """Give equal rows equal numbers, in order of appearance; return how many there are.

    ``kind[r]`` becomes the number of row ``r``, ``first[k]`` the first row of number ``k``.
    """
    size = 16
    while size < 2 * len(keys):
        size *= 2
    table = np.full(size, -1, np.int64)
    count = 0
    for r in range(len(keys)):
        h = np.uint64(14695981039346656037)
        for w in range(keys.shape[1]):
            h = (h ^ keys[r, w]) * np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        place = np.int64(h & np.uint64(size - 1))
        while True:
            k = table[place]
            if k < 0:
                table[place] = count
                first[count] = r
                kind[r] = count
                count += 1
                break
            if (keys[first[k]] == keys[r]).all():
                kind[r] = k
                break
            place = (place + 1) & (size - 1)
    return count
