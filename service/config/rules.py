"""The settings as the values that the rules of the domain take."""

import posixpath
from urllib.parse import quote

from service.config.settings import Settings
from service.domain.after_date import AfterDateRules
from service.domain.drafts import Role
from service.domain.facts import Policy
from service.domain.identity import in_every_domain
from service.domain.matching.match_person import MatchingPolicy
from service.domain.ticket import FieldIds
from service.records.removals import LineLink


def policy(settings: Settings) -> Policy:
    """Return the settings that decide about a leaver."""
    return Policy(
        leaver_tag=settings.zendesk_leaver_tag,
        ticket_link=ticket_link(settings),
        tech_file=tech_file(settings),
        no_access_action=settings.no_access_action,
        due_time=settings.due_time,
        timezone=settings.timezone,
        commit_link=f"https://github.com/{settings.user_reviewer_repository}/commit/{{}}",
        protected=in_every_domain(settings.protected, settings.organisation_domains),
    )


def matching_policy(settings: Settings) -> MatchingPolicy:
    """Return the settings that decide whether an entry is the leaver's."""
    return MatchingPolicy(
        organisation_domains=settings.organisation_domains,
        act_on_name_alone=settings.act_on_name_alone,
    )


def field_ids(settings: Settings) -> FieldIds:
    """Return the custom fields that hold a leaver's details."""
    return FieldIds(
        name=settings.zendesk_name_field_id,
        email=settings.zendesk_email_field_id,
        leaving_date=settings.zendesk_leaving_date_field_id,
    )


def ticket_link(settings: Settings) -> str:
    """Return the link to a ticket, with ``{}`` for its number."""
    return f"https://{settings.zendesk_subdomain}.zendesk.com/agent/tickets/{{}}"


def after_date_rules(settings: Settings) -> AfterDateRules:
    """Return the settings that decide about leavers after their leaving date."""
    return AfterDateRules(
        steps=settings.after_date_steps,
        until_days=settings.after_date_until_days,
        due_time=settings.due_time,
        timezone=settings.timezone,
    )


def tech_file(settings: Settings) -> str:
    """Return the path in the repository of the list of tech people."""
    return posixpath.join(settings.user_reviewer_directory, settings.user_reviewer_tech_file)


def templates(settings: Settings) -> dict[str, str]:
    """Return each role's template card, by id or short link."""
    return {
        Role.TECH: settings.trello_tech_template,
        Role.NON_TECH: settings.trello_non_tech_template,
    }


def line_link(settings: Settings) -> LineLink:
    """Return what links to one line of an access list, by path, commit and number of the line."""
    files = f"https://github.com/{settings.user_reviewer_repository}/blob"
    return lambda path, commit, number: f"{files}/{commit}/{quote(path)}#L{number}"
