"""Logging in to Trello."""

from requests import PreparedRequest

from integrations.http.session import Login


class HeaderLogin(Login):
    """Key and token in a header, so that no URL ever holds them.

    https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/
    """

    def __init__(self, key: str, token: str) -> None:
        self._header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the credentials into the request."""
        request.headers["Authorization"] = self._header
        return request
