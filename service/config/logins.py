"""The settings as what logs the service in to Zendesk and Trello."""

from integrations.trello.requester import HeaderLogin
from integrations.zendesk.account import AccessToken
from integrations.zendesk.login import OAuthClient
from service.config.settings import Settings, SetupSettings, ZendeskSettings


def zendesk_login(settings: ZendeskSettings) -> OAuthClient:
    """Return the OAuth client that the service itself gets into Zendesk with."""
    return OAuthClient(
        client_id=settings.zendesk_client_id,
        client_secret=settings.zendesk_client_secret.get_secret_value(),
        scope=settings.zendesk_scope,
    )


def admin_login(settings: SetupSettings) -> OAuthClient | AccessToken:
    """Return what an administrator gets into Zendesk with; the service's own login without one."""
    if settings.zendesk_admin_client_id and settings.zendesk_admin_client_secret:
        return OAuthClient(
            client_id=settings.zendesk_admin_client_id,
            client_secret=settings.zendesk_admin_client_secret.get_secret_value(),
            scope=settings.zendesk_admin_scope,
            setting="ZENDESK_ADMIN",
        )
    if settings.zendesk_admin_access_token:
        return AccessToken(token=settings.zendesk_admin_access_token.get_secret_value())
    return zendesk_login(settings)


def trello_login(settings: Settings) -> HeaderLogin:
    """Return the key and the token that the service gets into Trello with."""
    return HeaderLogin(
        settings.trello_api_key.get_secret_value(), settings.trello_token.get_secret_value()
    )
