"""What can go wrong outside, named by what the caller does next: try again, or ask for a fix."""

from typing import Self

from service.domain.reasons import ReasonCode


class OutsideError(Exception):
    """Something outside the service failed.

    The text is a plain sentence that an operator can read. It never quotes a vendor's answer, a
    URL or a request, since those may hold secrets or personal data.

    Args:
        system: who failed, in the operator's words: ``Zendesk``, ``Trello``, ``GitHub``.
        problem: one sentence that says what happened and, for a lasting failure, what to fix.
        code: the same for programs.
        status: the HTTP status, if there was an answer.
        maybe_done: whether a write may have happened (or may yet happen) although no clear answer
            came.
    """

    def __init__(
        self,
        system: str,
        problem: str,
        *,
        code: ReasonCode,
        status: int | None = None,
        maybe_done: bool = False,
    ) -> None:
        super().__init__(system, problem)
        self.code = code
        self.system = system
        self.problem = problem
        self.status = status
        self.maybe_done = maybe_done

    def __str__(self) -> str:
        return f"{self.system}: {self.problem}"

    def __copy__(self) -> Self:
        # The usual way would call the constructor without its keywords.
        copied = type(self).__new__(type(self), *self.args)
        copied.__dict__.update(self.__dict__)
        return copied


class TransientError(OutsideError):
    """A failure that is likely to pass: try again later.

    Args:
        system: see `OutsideError`.
        problem: see `OutsideError`.
        code: see `OutsideError`.
        status: see `OutsideError`.
        maybe_done: see `OutsideError`.
        retry_after: seconds that the vendor asks us to wait, at least; None if it does not say.
        is_limit: the vendor's limit is used up: it holds for every ticket.
    """

    def __init__(
        self,
        system: str,
        problem: str,
        *,
        code: ReasonCode,
        status: int | None = None,
        maybe_done: bool = False,
        retry_after: float | None = None,
        is_limit: bool = False,
    ) -> None:
        super().__init__(system, problem, code=code, status=status, maybe_done=maybe_done)
        self.retry_after = retry_after
        self.is_limit = is_limit


class Deferred(TransientError):
    """Nothing failed: this ticket has to wait for its turn."""


class PermanentError(OutsideError):
    """A failure that stays until somebody fixes something: stop, and say what to fix."""
