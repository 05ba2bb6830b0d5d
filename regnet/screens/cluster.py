"""Cluster: the chunks of a screen on the workers of a Dask scheduler.

The compiled network goes to each worker once, as a task of its own: when a worker dies, what it had
is made again on another one, and so are its chunks.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from regnet.errors import EngineError, JobError

_PATIENCE = 20
"""Seconds to wait for the scheduler, and for its first worker."""


def cluster_map(address: str) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]:
    """Return a `map` that computes on a cluster; results come in the order in which they are done.

    Parameters
    ----------
    address
        Of a scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    EngineError
        If Dask is not installed.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise EngineError(
            "a cluster needs the package distributed: pip install 'regnet[cluster]'"
        ) from None

    def mapped(function: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        arguments = list(arguments)
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise JobError(f"the scheduler at {address} cannot be reached: {error}") from None
        with client:
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError:
                raise JobError(f"the scheduler at {address} has no workers") from None
            ready = client.submit(pickle.loads, pickle.dumps(function), pure=False)
            futures = [client.submit(_apply, ready, one, pure=False) for one in arguments]
            for future in as_completed(futures, loop=client.loop):
                yield future.result()
                future.release()

    return mapped


def _apply(function: Callable[[Any], Any], argument: Any) -> Any:
    return function(argument)
