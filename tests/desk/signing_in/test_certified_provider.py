"""Single sign-on against a certified provider with its own defaults, from sign-in to sign-out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.conftest import StartService
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.signing_in.certified_provider import (
    CertifiedProvider,
    Person,
    certified_provider,
    signing_key,
)
from tests.desk.visits import Visit


@pytest.fixture(scope="module")
def provider() -> Iterator[CertifiedProvider]:
    """As it comes."""
    with certified_provider() as provider:
        yield provider


def there(visit: Visit) -> str:
    """Where the sign-in page leads."""
    return visit.get("/desk/single-sign-on?next=/desk/failed").headers["Location"]


def back(visit: Visit, address: str) -> requests.Response:
    """Come back from the provider."""
    return visit.get("/desk/single-sign-on/return", params=_query(address))


def sign_in(visit: Visit, *, person: Person | None = None, login: str = "dana") -> int:
    """Go all the way; return the status of the page behind the sign-in."""
    address = (person or Person()).sign_in(there(visit), login=login)
    back(visit, address)
    return visit.get("/desk/failed").status_code


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_defaults_of_the_provider_are_enough_and_only_operators_come_in(
    start_service: StartService, provider: CertifiedProvider, visit: MakeVisit
) -> None:
    web = start_service(works=False, **provider.settings())

    # Claims come from the userinfo endpoint alone.
    statuses = {login: sign_in(visit(web), login=login) for login in ("dana", "eve", "unverified")}

    assert statuses == {"dana": 200, "eve": 303, "unverified": 303}
    assert [line["why"] for line in web.log_lines if line["message"] == "sign-in refused"] == [
        "the address is not on the list",
        "the provider has not verified the address",
    ]
    assert "example.gov.uk" not in web.log


def test_a_group_that_only_the_userinfo_gives_counts(
    start_service: StartService, provider: CertifiedProvider, visit: MakeVisit
) -> None:
    web = start_service(
        works=False,
        **provider.settings()
        | {
            "OIDC_ALLOWED_EMAILS": "",
            "OIDC_ALLOWED_CLAIM": "groups=platform-team",
            "OIDC_SCOPE": "openid email groups",
        },
    )

    assert [sign_in(visit(web), login=login) for login in ("dana", "eve")] == [200, 303]


def test_two_tabs_may_sign_in_at_once(
    start_service: StartService, provider: CertifiedProvider, visit: MakeVisit
) -> None:
    web = start_service(works=False, **provider.settings())
    browser, person = visit(web), Person()

    addresses = [there(browser), there(browser)]
    answers = [back(browser, person.sign_in(address)) for address in reversed(addresses)]

    assert [answer.headers.get("Location") for answer in answers] == ["/desk/failed"] * 2


def test_signing_out_ends_the_providers_session_too(
    start_service: StartService, provider: CertifiedProvider, visit: MakeVisit
) -> None:
    web = start_service(works=False, **provider.settings())
    browser, person = visit(web), Person()
    sign_in(browser, person=person)
    page = browser.get("/desk/failed")
    again = visit(web)
    person.pages.clear()
    sign_in(again, person=person)
    was_asked_before = person.was_asked_to_log_in

    out = browser.submit(page, "sign-out")
    asked = person.session.get(out.headers["Location"], timeout=30)
    person.submit(asked, logout="yes")
    person.pages.clear()
    sign_in(visit(web), person=person)

    assert out.headers["Location"].startswith(f"{provider.issuer}/session/end?")
    assert f"form-action 'self' {provider.issuer};" in page.headers["Content-Security-Policy"]
    assert browser.get("/desk/failed").status_code == 303
    assert (was_asked_before, person.was_asked_to_log_in) == (False, True)


def test_a_browser_lets_the_form_to_sign_out_lead_to_the_provider(
    start_service: StartService, provider: CertifiedProvider, open_desk: OpenDesk
) -> None:
    web = start_service(works=False, **provider.settings())
    desk = open_desk(web)
    # The provider's own pages ask for a typeface from elsewhere.
    desk.page.route("https://**", lambda route: route.abort())
    desk.open("failed").press("Use single sign-on")
    desk.page.fill("input[name=login]", "dana")
    desk.page.fill("input[name=password]", "anything")
    desk.page.click("button[type=submit]")
    desk.page.click("button[type=submit]")
    desk.page.wait_for_url(f"{web.url}/desk/failed")

    desk.page.get_by_role("button", name="Sign out").click()
    desk.page.wait_for_url(f"{provider.issuer}/session/end?*")
    went = desk.page.url
    desk.elsewhere.clear()
    desk.complaints.clear()

    assert "id_token_hint=" in went


@pytest.mark.parametrize(
    "client",
    [
        {"client_id": "leavers:pages+50%", "client_secret": "a:secret+with%41 and/more=&"},
        {"token_endpoint_auth_method": "client_secret_post"},
    ],
    ids=["characters that Basic needs encoded", "only in the form"],
)
def test_the_client_shows_its_secret_as_the_provider_takes_it(
    start_service: StartService, visit: MakeVisit, client: dict[str, Any]
) -> None:
    methods = [client.get("token_endpoint_auth_method", "client_secret_basic")]
    with certified_provider(client, clientAuthMethods=methods) as provider:
        web = start_service(works=False, **provider.settings())

        assert sign_in(visit(web)) == 200


@pytest.mark.parametrize("algorithm", ["ES512", "PS384", "PS512", "EdDSA"])
def test_every_algorithm_with_a_public_key_is_taken(
    start_service: StartService, visit: MakeVisit, algorithm: str
) -> None:
    with certified_provider(
        {"id_token_signed_response_alg": algorithm},
        jwks={"keys": [signing_key(algorithm)]},
        enabledJWA={"idTokenSigningAlgValues": [algorithm]},
    ) as provider:
        web = start_service(works=False, **provider.settings())

        assert sign_in(visit(web)) == 200


def test_a_wrong_secret_is_named_as_that(
    start_service: StartService, provider: CertifiedProvider, visit: MakeVisit
) -> None:
    wrong = provider.settings() | {"OIDC_CLIENT_SECRET": "of-somebody-else"}
    web = start_service(works=False, **wrong)
    browser = visit(web)

    refused = back(browser, Person().sign_in(there(browser)))

    assert refused.status_code == 403
    assert "OIDC_CLIENT_SECRET" in refused.text
    assert [line["error"] for line in web.log_lines if line["message"] == "sign-in refused"] == [
        "invalid_client"
    ]
