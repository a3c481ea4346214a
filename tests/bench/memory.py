"""Memory of the service and of its database together, as often as it can be looked at."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """MiB at the moment at which all processes together had most.

    Pages that processes share are counted once (the kernel's "proportional set size"): the buffers
    of PostgreSQL, which each of its processes maps, and its program.
    """

    service: float = 0.0
    database: float = 0.0
    database_processes: int = 0

    @property
    def together(self) -> float:
        """All of it."""
        return self.service + self.database

    def __str__(self) -> str:
        return (
            f"{self.together:.0f} MiB: {self.service:.0f} MiB and {self.database:.0f} MiB in "
            f"{self.database_processes} processes"
        )


class MemoryWatch:
    """Looks at the memory of processes and their children until it is stopped.

    Args:
        service: the service's process.
        database: PostgreSQL's first process.
    """

    def __init__(self, *, service: int, database: int) -> None:
        self.most = Memory()
        self._service = service
        self._database = database
        self._ended = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator["MemoryWatch"]:
        """Look until the end of the block."""
        thread = threading.Thread(target=self._look_until_ended)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def _look_until_ended(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            self.most = max(self.most, self.look(), key=lambda memory: memory.together)

    def look(self) -> Memory:
        """Return what they have now."""
        parents = _parents()
        database = _with_children(self._database, parents)
        return Memory(
            service=sum(map(_mib, _with_children(self._service, parents))),
            database=sum(map(_mib, database)),
            database_processes=len(database),
        )


def _with_children(pid: int, parents: dict[int, int]) -> list[int]:
    children = (child for child, parent in parents.items() if parent == pid)
    return [pid, *(each for child in children for each in _with_children(child, parents))]


def _parents() -> dict[int, int]:
    """Return the parent of every process."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the command's name in brackets: state, parent.
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return found


def _mib(pid: int) -> float:
    """Return a process's proportional set size; nothing if it has ended.

    https://www.kernel.org/doc/html/latest/filesystems/proc.html
    """
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
