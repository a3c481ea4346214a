"""How long a session lasts, and how long somebody has to wait who failed to sign in too often."""

import time
from dataclasses import asdict

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from starlette.requests import Request

from service.operator_tokens import Operator, operator_of, read_operator_tokens
from service.pages.admission import Admission, Claim
from service.pages.sessions import COOKIE, LONGEST_PAUSE, LONGEST_SESSION, Session, Sessions
from service.pages.sign_in_limit import MOST_FAILURES, WITHIN_SECONDS, SignInLimit
from service.pages.visitors import Visitors

SECRET = "a-session-secret-of-more-than-32-characters"


def read_back(session: Session, *, seconds_ago: int) -> Session:
    """Read a session from a cookie that was signed some time ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - seconds_ago

    cookies = URLSafeTimedSerializer(SECRET, salt="leavers session", signer=Earlier)
    cookie = f"{COOKIE}={cookies.dumps(asdict(session))}".encode()
    return Sessions(SECRET).read(Request({"type": "http", "headers": [(b"cookie", cookie)]}))


@pytest.mark.parametrize(
    ("begun_ago", "used_ago", "name"),
    [
        (0, 0, "alice"),
        (LONGEST_SESSION - 60, LONGEST_PAUSE - 60, "alice"),
        (LONGEST_SESSION - 60, LONGEST_PAUSE + 60, ""),
        (LONGEST_SESSION + 60, 0, ""),
    ],
)
def test_a_session_ends_after_a_pause_and_after_a_working_day(
    begun_ago: int, used_ago: int, name: str
) -> None:
    session = Session(name="alice", way="token", since=time.time() - begun_ago, nonce="n")

    assert read_back(session, seconds_ago=used_ago).name == name


def test_failures_are_forgotten_after_a_while_and_counted_by_address() -> None:
    now = 0.0
    limit = SignInLimit(lambda: now)
    for _ in range(MOST_FAILURES):
        limit.failed("192.0.2.1")
    at_once = (limit.is_reached("192.0.2.1"), limit.is_reached("192.0.2.2"))
    now = WITHIN_SECONDS + 1.0

    assert at_once == (True, False)
    assert not limit.is_reached("192.0.2.1")


def test_a_token_may_be_for_reading_alone() -> None:
    one, two = "a-token-of-twenty-characters", "another-of-twenty-characters"
    operators = read_operator_tokens(f"alice={one}, bob={two}:read")

    assert operator_of(one, operators) == Operator("alice")
    assert operator_of(two, operators) == Operator("bob", is_read_only=True)
    assert operator_of(f"{two}:read", operators) is None


def test_the_weakest_of_an_operators_tokens_counts_on_the_pages() -> None:
    both = [Operator("alice"), Operator("alice", is_read_only=True)]
    session = Session(name="alice", way="token", since=time.time(), nonce="n")

    found = [Visitors(order, Admission()).of_session(session) for order in (both, both[::-1])]

    assert found == [Operator("alice", is_read_only=True)] * 2


def test_whoever_came_in_by_another_claim_or_a_struck_address_is_signed_out() -> None:
    claim = Claim(name="groups", value="platform-team")
    emails = frozenset({"dana@example.gov.uk"})
    sessions = [
        Session(name="dana@example.gov.uk", way="sso", since=time.time(), nonce="n"),
        Session(
            name="sam@example.gov.uk",
            way="sso",
            claim="groups=platform-team",
            since=time.time(),
            nonce="n",
        ),
    ]

    def who_is_in(admission: Admission) -> list[bool]:
        visitors = Visitors([], admission)
        return [visitors.of_session(session) is not None for session in sessions]

    assert who_is_in(Admission(emails=emails, claim=claim)) == [True, True]
    assert who_is_in(Admission(emails=emails)) == [True, False]
    assert who_is_in(Admission(claim=claim)) == [False, True]
    assert who_is_in(Admission(claim=Claim(name="groups", value="another"))) == [False, False]
