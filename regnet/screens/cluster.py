"""Cluster: the chunks of a screen on the workers of a Dask scheduler.

The compiled network goes to each worker once, as a task of its own: when a worker dies, what it had
is made again on another one, and so are its chunks.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from regnet.deadline import Deadline
from regnet.errors import JobError
from regnet.extras import extra
from regnet.version import VERSION

if TYPE_CHECKING:
    from distributed import Client

_ADDRESS = re.compile(r"(\w+://)?(\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]]+):\d+/?")

_PATIENCE = 20
"""Seconds to wait for the scheduler, and for its first worker."""


def cluster_map(
    address: str, *, timeout: float | None = None
) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]:
    """Return a `map` that computes on a cluster; results come in the order in which they are done.

    Parameters
    ----------
    address
        Of a scheduler, such as ``tcp://10.0.0.5:8786``.
    timeout
        Seconds that a call may take, from when the cluster is reached; then it ends with a
        TimeoutError.

    Raises
    ------
    MissingPackageError
        If Dask is not installed.
    JobError
        If this is no address; later, if the cluster cannot be reached, or is gone.
    """
    if not _ADDRESS.fullmatch(address):
        raise JobError(f"{address!r} is no address of a scheduler, such as tcp://10.0.0.5:8786")
    with extra("cluster"):
        from distributed import Client, KilledWorker, as_completed
        from distributed.client import FutureCancelledError

    def mapped(function: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        arguments = list(arguments)
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise JobError(f"the scheduler at {address} cannot be reached: {error}") from None
        with client:
            _check(client, address)
            ready = client.submit(pickle.loads, pickle.dumps(function), pure=False)
            futures = [client.submit(_apply, ready, one, pure=False) for one in arguments]
            deadline = Deadline(timeout)
            try:
                for future in as_completed(futures, loop=client.loop, timeout=timeout):
                    if deadline.is_over:  # it only looks while it waits
                        raise TimeoutError("timed out")
                    yield future.result()
                    future.release()
            except (OSError, KilledWorker, FutureCancelledError) as error:
                if isinstance(error, TimeoutError) and timeout is not None:
                    raise
                raise JobError(
                    f"the cluster at {address} was lost ({_sentence(error)}); --resume continues "
                    f"after the finished chunks"
                ) from None

    return mapped


def _check(client: Client, address: str) -> None:
    """Raise JobError unless there are workers, all with this version of regnet."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise JobError(f"the scheduler at {address} has no workers") from None
    found = client.run(_version, on_error="return")
    others = sorted({str(version) for version in found.values() if version != VERSION})
    if others:
        raise JobError(
            f"the workers at {address} need regnet {VERSION}, as it is here, and answer: "
            + "; ".join(others)
        )


def _version() -> str:
    from regnet.version import VERSION

    return VERSION


def _sentence(error: BaseException) -> str:
    return (str(error) or type(error).__name__).split("\n", 1)[0].strip().rstrip(".")


def _apply(function: Callable[[Any], Any], argument: Any) -> Any:
    return function(argument)
