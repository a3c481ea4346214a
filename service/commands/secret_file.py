"""A secret in a file that nobody else may read: written as a whole, or not at all."""

import os
import tempfile
from errno import EISDIR
from os import strerror
from pathlib import Path
from types import TracebackType


class SecretFile:
    """Makes sure first that the file can be written; the old content stays until then.

    Use it as a context manager.

    Raises:
        OSError: the folder is not there, or may not be written to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "SecretFile":
        if self._path.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        # Its mode is 0600 from the beginning.
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        self._descriptor, self._temporary = descriptor, Path(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)
        self._temporary.unlink(missing_ok=True)

    def write(self, secret: str) -> None:
        """Replace the file's content by the secret."""
        os.write(self._descriptor, f"{secret}\n".encode())
        os.fsync(self._descriptor)
        self._temporary.replace(self._path)
