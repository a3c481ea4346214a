"""The same fixtures as for faults: several services on one database."""

from tests.faults.conftest import database  # noqa: F401 - the same fixture
