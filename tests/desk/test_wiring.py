"""Which pages need nobody to be signed in: a page that forgot to ask would show people's data."""

from fastapi.routing import APIRoute

from service.desk.signing_in import single_sign_on
from service.desk.signing_in.current_operator import signed_in
from service.desk.wiring import PAGES


def test_every_page_but_six_addresses_asks_who_is_there() -> None:
    routes = [route for page in (*PAGES, single_sign_on) for route in page.router.routes]
    asking = {
        route.path
        for route in routes
        if isinstance(route, APIRoute)
        and any(needed.call is signed_in for needed in route.dependant.dependencies)
    }

    assert {route.path for route in routes if isinstance(route, APIRoute)} - asking == {
        "/",
        "/accessibility",
        "/sign-in",
        "/sign-out",
        "/single-sign-on",
        "/single-sign-on/return",
    }
