"""Every setting of the service, typed; `service.config.environment` reads them."""

import re
from datetime import time
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from service.config.addresses import (
    DatabaseUrl,
    DeskUrl,
    Issuer,
    Origin,
    RunbookUrl,
    TracesUrl,
)
from service.config.messages import wrong
from service.config.operator_tokens import OperatorTokens, read_operator_tokens
from service.config.types import (
    CommaSeparated,
    Dsn,
    Folder,
    LocalTime,
    MailDomains,
    NameAndValue,
    Names,
    Networks,
    NotifyUrls,
    Repository,
    Reviewers,
    Scope,
    Secret,
    SessionSecret,
    SigningSecret,
    SignsOfPeople,
    Subdomain,
    Tag,
    Text,
    TimeOrOff,
    Timezone,
    TrelloBoard,
    TrelloCard,
    WorkingDays,
    is_blank,
    no_placeholder,
)
from service.domain.facts import NoAccessAction

ENV_FILE = ".env"
# A hundred years: with ten thousand, dates would leave the calendar of Python.
MOST_DAYS = 36_500


class _EmptySteps(PydanticBaseSettingsSource):
    """Gives AFTER_DATE_STEPS if it is there and empty, and nothing else."""

    def __init__(self, source: EnvSettingsSource) -> None:
        super().__init__(source.settings_cls)
        self._source = source

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not called: all is given by `__call__`."""
        return self._source.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        """Return the one value, or none."""
        steps = self._source().get("after_date_steps")
        return {"after_date_steps": steps} if steps == "" else {}


class ZendeskSettings(BaseSettings):
    """Which Zendesk account, and how it is spoken to."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    zendesk_client_id: Text
    zendesk_client_secret: Secret
    zendesk_subdomain: Subdomain
    zendesk_scope: Text = "read write"
    zendesk_url: Origin | None = None
    zendesk_leaver_tag: Tag = "leaver"
    request_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10

    @model_validator(mode="before")
    @classmethod
    def _takes_spaces_for_nothing(cls, given: dict[str, Any]) -> dict[str, Any]:
        kept = {"after_date_steps"}  # which may be no steps at all
        return {name: value for name, value in given.items() if name in kept or not is_blank(value)}


class Settings(ZendeskSettings):
    """All settings, from environment variables or a ``.env`` file; an empty one is a missing one.

    docs/settings.md says what each means. Secrets never show in a representation.
    """

    zendesk_webhook_secret: SigningSecret
    zendesk_webhook_secret_previous: SigningSecret | None = None
    zendesk_name_field_id: Annotated[int, Field(ge=1)] | None = None
    zendesk_email_field_id: Annotated[int, Field(ge=1)] | None = None
    zendesk_leaving_date_field_id: Annotated[int, Field(ge=1)] | None = None
    github_token: Secret
    github_url: Origin = "https://api.github.com"
    user_reviewer_repository: Repository = "alphagov/govuk-user-reviewer"
    user_reviewer_branch: Text | None = None
    user_reviewer_directory: Folder = "config"
    user_reviewer_tech_file: Text = "govuk_tech.yml"
    organisation_domains: MailDomains = frozenset(
        {"digital.cabinet-office.gov.uk", "cabinet-office.gov.uk", "cabinetoffice.gov.uk"}
        | {"dsit.gov.uk"}
    )
    act_on_name_alone: bool = True
    trello_api_key: Secret
    trello_token: Secret
    trello_url: Origin = "https://api.trello.com"
    trello_board_id: TrelloBoard
    trello_list_name: Text = "To do"
    trello_tech_template: TrelloCard = "IQIV54Pc"
    trello_non_tech_template: TrelloCard = "g9iK9fcL"
    trello_done_lists: Names = ("Done",)
    no_access_action: NoAccessAction = NoAccessAction.SOLVE
    due_time: LocalTime = time(17, 0)
    timezone: Timezone = "Europe/London"
    urgent_hours: Annotated[int, Field(ge=0, le=MOST_DAYS * 24)] = 24
    urgent_label: Text | None = None
    after_date: bool = True
    after_date_steps: WorkingDays = (1, 3, 5)
    after_date_until_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 60
    digest_at: TimeOrOff = time(9, 0)
    removal_pull_requests: bool = False
    github_pull_request_token: Secret | None = None
    pull_request_days_before: Annotated[int, Field(ge=0, le=14)] = 0
    pull_request_reviewers: Reviewers = ()
    pull_request_label: Text | None = None
    database_url: DatabaseUrl
    operator_tokens: Annotated[OperatorTokens, NoDecode, BeforeValidator(read_operator_tokens)]
    zendesk_requests_per_minute: Annotated[int, Field(ge=1)] = 100
    zendesk_updates_per_minute: Annotated[int, Field(ge=1)] = 60
    trello_requests_per_10_seconds: Annotated[int, Field(ge=1)] = 60
    retry_for_seconds: Annotated[int, Field(ge=0, le=MOST_DAYS * 86_400)] = 86_400
    forwarded_allow_ips: Networks = frozenset()
    session_secret: SessionSecret | None = None
    oidc_issuer: Issuer | None = None
    oidc_client_id: Text | None = None
    oidc_client_secret: Secret | None = None
    oidc_allowed_emails: CommaSeparated = frozenset()
    oidc_allowed_claim: NameAndValue | None = None
    oidc_scope: Scope = "openid email"
    sweep_every_seconds: Annotated[int, Field(ge=0, le=MOST_DAYS * 86_400)] = 900
    keep_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 90
    removed_look_back_days: Annotated[int, Field(ge=0, le=3650)] = 90
    dry_run: bool = False
    daily_limit: Annotated[int, Field(ge=0)] = 50
    protected: SignsOfPeople = frozenset()
    notify_urls: NotifyUrls | None = None
    sentry_dsn: Dsn | None = None
    desk_url: DeskUrl | None = None
    runbook_url: RunbookUrl | None = None
    otel_exporter_otlp_endpoint: TracesUrl | None = None
    otel_exporter_otlp_traces_endpoint: TracesUrl | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let an empty AFTER_DATE_STEPS be no steps: everywhere else, empty is missing."""
        return (
            init_settings,
            env_settings,
            _EmptySteps(EnvSettingsSource(settings_cls, env_ignore_empty=False)),
            dotenv_settings,
            _EmptySteps(
                DotEnvSettingsSource(settings_cls, env_file=ENV_FILE, env_ignore_empty=False)
            ),
            file_secret_settings,
        )

    @model_validator(mode="after")
    def _has_all_or_nothing_of_single_sign_on(self) -> Self:
        given = {
            "OIDC_ISSUER": self.oidc_issuer,
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
            "OIDC_ALLOWED_EMAILS or OIDC_ALLOWED_CLAIM": self.oidc_allowed_emails
            or self.oidc_allowed_claim,
        }
        missing = [name for name, value in given.items() if not value]
        if missing and len(missing) < len(given):
            raise wrong(f"{missing[0]} is missing: single sign-on needs all of {', '.join(given)}")
        if not all(re.fullmatch(r"[^\s@;]*@[^\s@;]+", one) for one in self.oidc_allowed_emails):
            raise wrong(
                "OIDC_ALLOWED_EMAILS contains something that is neither an e-mail address nor a "
                "domain, such as jane.doe@example.gov.uk or @example.gov.uk"
            )
        return self

    @model_validator(mode="after")
    def _has_a_second_token_for_pull_requests(self) -> Self:
        if not self.removal_pull_requests:
            return self
        if self.github_pull_request_token is None:
            raise wrong(
                "GITHUB_PULL_REQUEST_TOKEN is missing: REMOVAL_PULL_REQUESTS needs a second token"
            )
        if self.github_pull_request_token == self.github_token:
            raise wrong(
                "GITHUB_PULL_REQUEST_TOKEN must be another token than GITHUB_TOKEN, which only "
                "reads"
            )
        return self

    @property
    def zendesk_origin(self) -> str:
        """Where requests to Zendesk are really sent."""
        return self.zendesk_url or f"https://{self.zendesk_subdomain}.zendesk.com"

    @property
    def traces_url(self) -> str | None:
        """Where traces are sent, as OpenTelemetry makes it of its two variables; None: nowhere."""
        if self.otel_exporter_otlp_traces_endpoint or not self.otel_exporter_otlp_endpoint:
            return self.otel_exporter_otlp_traces_endpoint
        return f"{self.otel_exporter_otlp_endpoint.rstrip('/')}/v1/traces"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The signing secrets that count: the present one, and the one before it."""
        both = (self.zendesk_webhook_secret, self.zendesk_webhook_secret_previous)
        return tuple(secret.get_secret_value() for secret in both if secret)


class ServingSettings(Settings):
    """Settings of a service that runs: Zendesk's webhook is there, and signs what it sends."""

    _is_no_placeholder = field_validator(
        "zendesk_webhook_secret", "zendesk_webhook_secret_previous"
    )(no_placeholder)


class SetupSettings(ZendeskSettings):
    """What `leavers setup` and `leavers check --setup` read beside the connection to Zendesk.

    The running service never reads an administrator's credentials. If none are given, its own
    are tried: its agent may be an administrator, too.
    """

    zendesk_admin_client_id: Text | None = None
    zendesk_admin_client_secret: Secret | None = None
    zendesk_admin_scope: Text = "read webhooks:write triggers:write"
    zendesk_admin_access_token: Secret | None = None

    @model_validator(mode="after")
    def _has_whole_credentials(self) -> Self:
        pair = ("zendesk_admin_client_id", "zendesk_admin_client_secret")
        missing = [name for name in pair if not getattr(self, name)]
        if len(missing) == 1:
            raise wrong(f"{missing[0].upper()} is missing")
        return self
