"""What every call to a vendor has in common, chosen once where the service is wired."""

from collections.abc import Callable
from dataclasses import dataclass

from service.domain.errors import OutsideError

# Called just before a write is sent; what it raises reaches the caller, and nothing is sent.
Lease = Callable[[], None]


class WriteWithoutLeaseError(RuntimeError):
    """A write to a vendor was attempted without a lease: an internal error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a vendor, for limits and metrics. It holds no URL and nothing secret.

    Attributes:
        system: ``Zendesk``, ``Trello`` or ``GitHub``.
        operation: what is done, in a few fixed words: ``read a ticket``.
        lease: the caller's right to write; None for a call that only reads.
    """

    system: str
    operation: str
    lease: Lease | None = None

    @property
    def is_write(self) -> bool:
        """Whether it changes something at the vendor."""
        return self.lease is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPolicy:
    """How every call is made.

    Attributes:
        timeout: seconds that a call may take from start to end, connecting included.
        before_call: called before each request is sent: it waits for its turn, and stops it
            when the service shuts down; what it raises reaches the caller, and nothing is sent.
        after_call: gets the call, the seconds that it took and its outcome: the status, such as
            ``200`` or ``429``, or ``timeout``, ``disconnected`` or ``unreachable``.
        after_response: gets the call and its failure, or None for a success.
        largest_response: bytes; a response that is larger is not read to its end.
    """

    timeout: float
    before_call: Callable[[Call], None]
    after_call: Callable[[Call, float, str], None]
    after_response: Callable[[Call, OutsideError | None], None] = lambda *_: None
    largest_response: int = 20 * 1024 * 1024
