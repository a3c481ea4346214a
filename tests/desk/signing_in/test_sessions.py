"""How long a session lasts, and how long somebody has to wait who failed to sign in too often."""

import time

import pytest
from starlette.requests import Request

from service.config.operator_tokens import (
    Operator,
    OperatorTokens,
    digest_of_token,
    operator_of,
    read_operator_tokens,
)
from service.desk.signing_in.current_operator import Claim, CurrentOperator, SignInPolicy
from service.desk.signing_in.sessions import (
    COOKIE,
    LONGEST_PAUSE,
    LONGEST_SESSION,
    RENEWED_AFTER,
    Brought,
    Session,
    Sessions,
)
from service.desk.signing_in.sign_in_limit import MOST_FAILURES, WITHIN_SECONDS, SignInLimit
from tests.desk.signing_in.earlier import cookie_of

SECRET = "a-session-secret-of-more-than-32-characters"


def read_back(session: Session, *, seconds_ago: int) -> Brought:
    """Read a session from a cookie that was signed some time ago."""
    cookie = f"{COOKIE}={cookie_of(session, secret=SECRET, seconds_ago=seconds_ago)}".encode()
    return Sessions(SECRET).read(Request({"type": "http", "headers": [(b"cookie", cookie)]}))


def admit(policy: SignInPolicy) -> CurrentOperator:
    """Visitors who all come by single sign-on."""
    return CurrentOperator(OperatorTokens({}), policy, Sessions(SECRET).mark_of)


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

    assert read_back(session, seconds_ago=used_ago).session.name == name


def test_failures_are_forgotten_after_a_while_and_counted_by_address() -> None:
    now = 0.0
    limit = SignInLimit(lambda: now)
    for _ in range(MOST_FAILURES):
        limit.failed("192.0.2.1")
    at_once = (limit.is_reached("192.0.2.1"), limit.is_reached("192.0.2.2"))
    now = WITHIN_SECONDS + 1.0

    assert at_once == (True, False)
    assert not limit.is_reached("192.0.2.1")


@pytest.mark.parametrize(
    ("failed", "asked", "is_one"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:DB8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("no address", "no address", True),
    ],
)
def test_a_network_of_ipv6_is_counted_as_one_address(
    failed: str, asked: str, *, is_one: bool
) -> None:
    limit = SignInLimit()
    for _ in range(MOST_FAILURES):
        limit.failed(failed)

    assert limit.is_reached(asked) is is_one


def test_a_token_may_be_for_reading_alone() -> None:
    one, two = "a-token-of-twenty-characters", "another-of-twenty-characters"
    operators = read_operator_tokens(f"alice={one}, bob={two}:read")

    assert operator_of(one, operators) == Operator("alice")
    assert operator_of(two, operators) == Operator("bob", is_read_only=True)
    assert operator_of(f"{two}:read", operators) is None


def test_a_session_is_worth_what_the_very_token_is_worth_that_opened_it() -> None:
    old, new = "a-token-of-twenty-characters", "another-of-twenty-characters"
    sessions = Sessions(SECRET)
    opened = [
        Session(
            name="alice",
            way="token",
            claim=sessions.mark_of(digest_of_token(token)),
            since=time.time(),
            nonce="n",
        )
        for token in (old, new)
    ]

    def who_is_in(tokens: str) -> list[Operator | None]:
        operators = CurrentOperator(read_operator_tokens(tokens), SignInPolicy(), sessions.mark_of)
        return [operators.of_session(session) for session in opened]

    alice, reader = Operator("alice"), Operator("alice", is_read_only=True)
    assert who_is_in(f"alice={old},alice={new}:read") == [alice, reader]
    assert who_is_in(f"alice={new}") == [None, alice]
    assert who_is_in(f"bob={old}") == [None, None]


@pytest.mark.parametrize(("ago", "is_fresh"), [(0, True), (RENEWED_AFTER + 1, False)])
def test_a_cookie_is_handed_out_again_after_some_minutes(ago: int, *, is_fresh: bool) -> None:
    session = Session(name="alice", way="token", since=time.time() - ago, nonce="n")

    assert read_back(session, seconds_ago=ago).is_fresh == is_fresh


def test_someone_who_came_in_by_another_claim_or_a_struck_address_is_signed_out() -> None:
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

    def who_is_in(policy: SignInPolicy) -> list[bool]:
        operators = admit(policy)
        return [operators.of_session(session) is not None for session in sessions]

    assert who_is_in(SignInPolicy(emails=emails, claim=claim)) == [True, True]
    assert who_is_in(SignInPolicy(emails=emails)) == [True, False]
    assert who_is_in(SignInPolicy(claim=claim)) == [False, True]
    assert who_is_in(SignInPolicy(claim=Claim(name="groups", value="another"))) == [False, False]
