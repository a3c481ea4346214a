"""What the commands have in common: exit codes, and problems printed in one line."""

import sys

from service.domain.errors import OutsideError, TransientError
from service.domain.wording import TRY_LATER
from service.records.database_errors import describe_error

DONE, FAILED, LEFT_IN_QUEUE = 0, 1, 3


def print_problem(problem: object) -> None:
    """Print what is wrong, for the person who typed the command."""
    sys.stderr.write(f"{problem}\n")


def exit_code_of(error: Exception) -> int:
    """Print what stopped a command, and return its exit code."""
    if isinstance(error, OutsideError):
        print_outside_failure(error)
        return LEFT_IN_QUEUE if isinstance(error, TransientError) else FAILED
    print_problem(database_problem(error))
    return FAILED


def print_outside_failure(failure: OutsideError) -> None:
    """Print what failed outside; a command that was typed does not retry."""
    print_problem(f"{failure} {TRY_LATER}" if isinstance(failure, TransientError) else failure)


def database_problem(error: Exception) -> str:
    """Say what is wrong with the database, to the person who typed a command."""
    return f"Database: {describe_error(error)}"
