"""Templates to pages: everything is escaped, and every page says where one is."""

from functools import partial
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.desk import words
from service.desk.links import Links, origin_of_request
from service.desk.signing_in.sessions import Sessions
from service.desk.words import TeamTime

NAVIGATION = (
    ("/desk/needs-a-person", "Needs a person"),
    ("/desk/leavers", "All leavers"),
    ("/desk/failed", "Failed"),
    ("/desk/after-the-date", "After the date"),
    ("/desk/report", "Report"),
    ("/desk/status", "Status"),
)

# What every template may use, whatever the settings are.
_GLOBALS: dict[str, Any] = {
    "navigation": NAVIGATION,
    "state_tags": words.STATE_TAGS,
    "retried_tag": words.RETRIED_TAG,
    "outcomes": words.OUTCOMES,
    "removals": words.REMOVALS,
    "after_dates": words.AFTER_DATES,
    "reason_names": words.REASON_NAMES,
    "sorts": words.SORTS,
    "name_of": words.name_of,
    "outcome_of": words.outcome_of,
    "other_card_of": words.other_card_of,
    "answered_words": words.answered_words,
    "said_words": words.said_words,
}


class Renderer:
    """Makes pages.

    Args:
        sessions: gives every form its token.
        clock: writes days and times.
        links: see there.
        is_dry_run: nothing is written to a vendor for now, and every page says so.
    """

    def __init__(
        self, sessions: Sessions, clock: TeamTime, links: Links, *, is_dry_run: bool
    ) -> None:
        self._sessions = sessions
        self._environment = Environment(
            loader=ChoiceLoader(
                [
                    PackageLoader("service.desk"),
                    PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                ]
            ),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "day": clock.day,
            "moment": clock.moment,
            "local_day": clock.local_day,
            "isolated": isolated,
            "duration": words.duration,
        }
        self._environment.globals |= _GLOBALS | {
            "version": version("leavers"),
            "is_dry_run": is_dry_run,
            "event_words": partial(words.event_words, clock=clock),
            "ticket_link": links.ticket,
            "card_link": links.card,
            "file_link": links.file,
            "line_link": links.line,
            "pull_link": links.pull_request,
        }

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """Make a page from a template."""
        text = self._environment.get_template(template).render(
            operator=request.state.operator,
            form_token=self._sessions.form_token(request.state.session),
            path=request.url.path,
            origin=origin_of_request(request),
            **context,
        )
        return HTMLResponse(text, status, headers=headers)


def isolated(text: object) -> Markup:
    """Keep a name's writing direction to itself, so that it turns nothing else round."""
    return Markup("<bdi>{}</bdi>").format(text)
