"""What the commands have in common: exit codes, and problems told in one line."""

import sys

from service.domain.errors import OutsideError, TransientError
from service.domain.wording import TRY_LATER
from service.records.database_errors import describe_error

DONE, FAILED, LEFT_IN_QUEUE = 0, 1, 3


def tell(problem: object) -> None:
    """Say what is wrong, to whoever typed the command."""
    sys.stderr.write(f"{problem}\n")


def told_and_ended(error: Exception) -> int:
    """Say what kept a command from its end, and return its exit code."""
    if isinstance(error, OutsideError):
        tell_of_outside(error)
        return LEFT_IN_QUEUE if isinstance(error, TransientError) else FAILED
    tell(database_problem(error))
    return FAILED


def tell_of_outside(failure: OutsideError) -> None:
    """Say what failed outside; a command that was typed tries nothing again by itself."""
    tell(f"{failure} {TRY_LATER}" if isinstance(failure, TransientError) else failure)


def database_problem(error: Exception) -> str:
    """Say what is wrong with the database, to whoever typed a command."""
    return f"Database: {describe_error(error)}"
