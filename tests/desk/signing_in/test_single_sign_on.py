"""Single sign-on, against a provider over real HTTP that signs with a real key."""

import html
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integrations.sandbox import Sandbox
from service.desk.signing_in.flows import MOST_FLOWS
from service.desk.signing_in.identity_provider import Client, IdentityProvider, SignInRefused
from service.desk.signing_in.oidc import merged_claims
from tests.conftest import RunCommand, StartService
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.signing_in.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key
from tests.desk.visits import Visit
from tests.support.running import Service
from tests.support.tickets import Who, add_ticket


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.shutdown()
    provider.server_close()


@pytest.fixture
def web(start_service: StartService, provider: Provider) -> Service:
    return start_service(works=False, **provider.settings())


def go_there_and_back(visit: Visit, *, change: dict[str, str] | None = None) -> requests.Response:
    """Follow the way to the provider and back; `change` is laid over what the browser brings."""
    there = visit.get("/desk/single-sign-on?next=/desk/failed").headers["Location"]
    back = requests.get(there, allow_redirects=False, timeout=20).headers["Location"]
    brought = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    return visit.get("/desk/single-sign-on/return", params=brought | (change or {}))


def test_an_operator_comes_in_by_single_sign_on_and_is_named_in_the_history(
    start_service: StartService, provider: Provider, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    service = start_service(**provider.settings())
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    service.process_ticket(ticket.id)
    desk = open_desk(service).open(f"leavers/{ticket.id}/answer")

    desk.elsewhere.clear()
    desk.press("Use single sign-on")
    desk.choose("There is no access")
    desk.press("See what will be done")
    desk.page.get_by_label("None of them is the leaver").check()
    desk.press("See what will be done")
    desk.press("Confirm")
    leaver = service.wait_for(ticket.id, "done")
    went = [address for address in desk.elsewhere if not address.startswith(provider.issuer)]
    desk.elsewhere.clear()

    assert went == []
    assert ("run_requested", "dana@example.gov.uk") in [
        (one["event"], one["by"]) for one in leaver["history"]
    ]


def test_the_way_to_the_provider_carries_state_nonce_and_a_pkce_challenge(
    web: Service, visit: MakeVisit
) -> None:
    answer = visit(web).get("/desk/single-sign-on")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)

    assert query["redirect_uri"] == [f"{web.url}/desk/single-sign-on/return"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge", "client_id"} <= query.keys()
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_someone_who_comes_back_is_signed_in_and_led_on(web: Service, visit: MakeVisit) -> None:
    one = visit(web)
    back = go_there_and_back(one)

    assert (back.status_code, back.headers["Location"]) == (303, "/desk/failed")
    assert "dana@example.gov.uk" in one.get("/desk/failed").text


def test_a_whole_domain_may_be_allowed(web: Service, provider: Provider, visit: MakeVisit) -> None:
    provider.claims["email"] = "Anna@Allowed.Example.gov.uk"

    assert go_there_and_back(visit(web)).status_code == 303


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"groups": ["all-staff", "platform-team"]}, "eve@example.gov.uk"),
        ({"groups": "platform-team"}, "eve@example.gov.uk"),
        ({"groups": ["platform-team"], "email_verified": False}, "dana (single sign-on)"),
        ({"groups": ["platform-team"], "email": None}, "dana (single sign-on)"),
        ({"groups": ["platform-team-alumni"]}, None),
        ({"groups": "the-platform-team"}, None),
        ({"groups": {"platform-team": True}}, None),
        ({"groups": ["platform-team"], "email": None, "sub": "da\u0000na"}, None),
        ({"roles": ["platform-team"]}, None),
        ({}, None),
    ],
)
def test_a_claim_may_let_people_in(
    start_service: StartService,
    provider: Provider,
    visit: MakeVisit,
    claims: dict[str, Any],
    name: str | None,
) -> None:
    settings = provider.settings() | {"OIDC_ALLOWED_EMAILS": ""}
    web = start_service(works=False, **settings, OIDC_ALLOWED_CLAIM="groups=platform-team")
    provider.claims |= {"email": "eve@example.gov.uk"} | claims
    one = visit(web)

    back = go_there_and_back(one)
    page = one.get("/desk/failed")

    assert back.status_code == (303 if name else 403)
    assert page.status_code == (200 if name else 303)
    assert name is None or name in page.text


def test_the_provider_is_asked_for_the_scope_that_gives_groups(
    start_service: StartService, provider: Provider, visit: MakeVisit
) -> None:
    web = start_service(works=False, **provider.settings(), OIDC_SCOPE="openid email groups")

    there = visit(web).get("/desk/single-sign-on").headers["Location"]

    assert parse_qs(urlsplit(there).query)["scope"] == ["openid email groups"]


def test_claims_that_are_wrong_let_nobody_in(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    wrong: list[dict[str, Any]] = [
        {"email": "eve@example.gov.uk"},
        {"email": "dana@example.gov.uk.evil.example"},
        {"email": "eve@evil.example@allowed.example.gov.uk"},
        {"email": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"nonce": "of-somebody-else"},
        {"nonce": None},
        {"aud": "another-client"},
        {"iss": "https://login.example.gov.uk"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
    ]
    right, let_in = provider.claims, []
    for claims in wrong:
        provider.claims = right | claims
        one = visit(web)
        back = go_there_and_back(one)
        if back.status_code != 403 or one.get("/desk/failed").status_code != 303:
            let_in.append(claims)

    assert let_in == []


def test_an_answer_that_is_not_the_providers_own_lets_nobody_in(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    used = visit(web)
    go_there_and_back(used)
    provider.key = new_key()
    answers = [
        go_there_and_back(visit(web)),
        go_there_and_back(visit(web), change={"state": "of-somebody-else"}),
        go_there_and_back(visit(web), change={"code": "made-up"}),
        visit(web).get("/desk/single-sign-on/return?code=a&state=b"),
        used.get("/desk/single-sign-on/return?error=access_denied"),
    ]

    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert "Go to the sign-in page" in answers[0].text


@pytest.mark.parametrize("status", [302, 307])
def test_a_token_endpoint_that_leads_elsewhere_is_not_followed(
    web: Service, provider: Provider, visit: MakeVisit, status: int
) -> None:
    provider.token_status = status

    answer = go_there_and_back(visit(web))

    assert answer.status_code == 403
    assert "be trusted" in answer.text
    assert "elsewhere" not in provider.asked


@pytest.mark.parametrize(
    "url",
    ["http://login.example.gov.uk/token", "//login.example.gov.uk/token", "javascript:alert()"],
)
def test_an_address_of_the_providers_without_tls_gets_neither_secret_nor_person(
    provider: Provider, url: str
) -> None:
    names = ("authorization_endpoint", "token_endpoint", "end_session_endpoint")
    provider.named = dict.fromkeys(names, url)
    client = Client(
        issuer=provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, scope="openid"
    )
    asked = IdentityProvider(client)

    assert asked.endpoint("jwks_uri") == f"{provider.issuer}/keys"
    for name in names:
        with pytest.raises(SignInRefused) as refused:
            asked.endpoint(name)
        assert refused.value.why == f"the provider names a {name} without TLS"


def test_someone_who_cancels_at_the_providers_sees_that(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    one, other = visit(web), visit(web)

    cancelled = go_there_and_back(one, change={"error": "access_denied", "code": ""})
    forged = go_there_and_back(other, change={"error": "access_denied", "state": "made-up"})

    assert cancelled.status_code == 403
    assert "You cancelled at single sign-on." in cancelled.text
    assert "You cancelled" not in forged.text
    assert "token" not in provider.asked


def test_a_provider_may_change_its_keys(web: Service, provider: Provider, visit: MakeVisit) -> None:
    first = go_there_and_back(visit(web))
    provider.key = provider.published = new_key()
    second = go_there_and_back(visit(web))

    assert (first.status_code, second.status_code) == (303, 303)


ODD_KEYS: list[Any] = [
    {"kty": "RSA", "kid": "cut-off", "n": "AQAB"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "off-the-curve"},
    {"kty": "EC", "crv": "secp521k9", "x": "AA", "y": "AA"},
    {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"},
    {"kty": "oct", "k": "AAAA"},
    {"kty": ["RSA"]},
    {"n": "AQAB", "e": "AQAB"},
    new_key().as_dict(private=False) | {"use": "enc"},
    "not a key",
    None,
]


@pytest.mark.parametrize("names_key", [True, False])
def test_keys_that_cannot_be_read_lock_nobody_out(
    web: Service, provider: Provider, visit: MakeVisit, *, names_key: bool
) -> None:
    same_name = provider.key.kid if names_key else None
    provider.odd_keys = [*ODD_KEYS, {"kty": "RSA", "n": "AQAB", "kid": same_name}]
    provider.names_key = names_key

    assert go_there_and_back(visit(web)).status_code == 303


def test_a_key_that_is_not_for_signing_lets_nobody_in(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    provider.odd_keys = [provider.key.as_dict(private=False) | {"use": "enc"}]
    provider.published = new_key()

    assert go_there_and_back(visit(web)).status_code == 403


@pytest.mark.parametrize(("seconds", "by"), [(120, "2 minutes"), (-600, "10 minutes")])
def test_a_clock_that_is_off_is_named_to_the_person_and_in_the_log(
    web: Service, provider: Provider, visit: MakeVisit, seconds: int, by: str
) -> None:
    provider.clock_off = seconds

    page = go_there_and_back(visit(web))
    refused = [line for line in web.log_lines if line["message"] == "sign-in refused"]

    assert page.status_code == 403
    assert f"clock and that of single sign-on differ by about {by}" in html.unescape(page.text)
    assert [abs(line["clock_off_seconds"] - seconds) <= 2 for line in refused] == [True]


def test_the_userinfo_of_another_person_lets_nobody_in(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    userinfo = {"email": "dana@example.gov.uk", "email_verified": True}
    provider.claims = {}
    provider.userinfo = userinfo | {"sub": "eve"}
    other = go_there_and_back(visit(web)).status_code
    provider.userinfo = userinfo | {"sub": "dana"}

    assert (other, go_there_and_back(visit(web)).status_code) == (403, 303)


@pytest.mark.parametrize(
    ("id_token", "userinfo", "address"),
    [
        ({}, {"email": "a@b.uk", "email_verified": True}, ("a@b.uk", True)),
        ({"email": "c@b.uk"}, {"email": "a@b.uk", "email_verified": True}, ("a@b.uk", True)),
        ({"email": "c@b.uk"}, {"email_verified": True}, ("c@b.uk", None)),
        ({"email_verified": True}, {"email": "a@b.uk"}, (None, True)),
        (
            {"email": "c@b.uk", "email_verified": False},
            {"email": "c@b.uk", "email_verified": True},
            ("c@b.uk", False),
        ),
    ],
)
def test_an_address_and_its_being_verified_come_from_one_place(
    id_token: dict[str, Any], userinfo: dict[str, Any], address: tuple[str | None, bool | None]
) -> None:
    claims = merged_claims(id_token | {"sub": "dana"}, userinfo | {"sub": "dana", "groups": ["x"]})

    assert (claims.get("email"), claims.get("email_verified")) == address
    assert claims["groups"] == ["x"]


def test_flows_that_were_never_finished_do_not_pile_up(web: Service, visit: MakeVisit) -> None:
    one = visit(web)
    for _ in range(3 * MOST_FLOWS):
        one.get("/desk/single-sign-on")

    assert 1 < len(one.session.cookies) <= MOST_FLOWS + 1
    assert go_there_and_back(one).status_code == 303


def test_a_provider_that_is_away_leaves_the_operator_token(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    provider.shutdown()
    provider.server_close()

    answer = visit(web).get("/desk/single-sign-on")

    assert answer.status_code == 403
    assert "Single sign-on does not answer" in answer.text


def test_a_provider_that_did_not_answer_gets_no_request_for_a_while(
    web: Service, provider: Provider, visit: MakeVisit
) -> None:
    provider.is_silent = True
    for _ in range(3):
        assert visit(web).get("/desk/single-sign-on").status_code == 403

    assert provider.asked == ["openid-configuration"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is missing: single sign-on needs all of"),
        ({"OIDC_ALLOWED_EMAILS": ""}, "OIDC_ALLOWED_EMAILS or OIDC_ALLOWED_CLAIM is missing"),
        ({"OIDC_ALLOWED_CLAIM": "platform"}, "OIDC_ALLOWED_CLAIM is not of the form name=value"),
        ({"OIDC_SCOPE": "email groups"}, "OIDC_SCOPE lacks openid"),
        (
            {"OIDC_ALLOWED_EMAILS": "dana@example.gov.uk eve@example.gov.uk"},
            "OIDC_ALLOWED_EMAILS contains something that is neither",
        ),
        ({"OIDC_ISSUER": "http://login.example.gov.uk"}, "OIDC_ISSUER is not an address"),
        ({"SESSION_SECRET": "short"}, "SESSION_SECRET has fewer than 32 characters"),
    ],
)
def test_a_setting_that_is_wrong_is_named_at_start(
    run_leavers: RunCommand, provider: Provider, changed: dict[str, str], said: str
) -> None:
    command = run_leavers("check", **provider.settings() | changed)

    assert command.wait() == 2
    assert said in command.stderr
