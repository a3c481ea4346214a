"""Is the webhook's signing secret set? Whether it is the right one, `--setup` alone can see."""

from service.checks.findings import Check, Finding, Wrong, find
from service.config.settings import Settings
from service.config.types import is_published_secret


def signing_secret_finding(settings: Settings) -> Finding:
    """Look at the signing secret."""

    def look() -> str:
        if is_published_secret(settings.zendesk_webhook_secret):
            raise Wrong(
                "ZENDESK_WEBHOOK_SECRET is still the placeholder, which `leavers serve` refuses. "
                "Set it once the webhook is made: `leavers setup zendesk` fetches it."
            )
        return "it is set"

    return find(Check(name="signing secret", look=look))
