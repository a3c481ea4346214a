"""Webhooks and triggers of the sandbox's Zendesk over HTTP, for administrators only."""

from typing import Any

from integrations.sandbox.messages import Json, Reply, Request, json_reply
from integrations.sandbox.routes import Routes
from integrations.sandbox.zendesk_admin import CATEGORY, AdminCenter, SandboxWebhook, new_secret
from integrations.sandbox.zendesk_conditions import problem_with
from integrations.sandbox.zendesk_update import ZendeskRefusal, invalid

_WEBHOOK_KEYS = frozenset({"name", "endpoint", "http_method", "request_format", "status"})
PATHS = ("/api/v2/webhooks", "/api/v2/triggers", "/api/v2/trigger_categories")


class ZendeskAdminApi:
    """Answers requests for webhooks, triggers and their categories."""

    def __init__(self, admin: AdminCenter, base: str) -> None:
        self._admin = admin
        self._base = base
        self._routes = self._made_routes()

    def answer(self, request: Request) -> Reply | None:
        """Return the reply to a request, or None if there is no such path."""
        return self._routes.answer(request)

    def list_webhooks(self, request: Request) -> Reply:
        """List all webhooks, or those whose name contains a text."""
        wanted = request.query.get("filter[name_contains]", "").lower()
        found = [
            one.as_json()
            for one in self._admin.webhooks.values()
            if wanted in str(one.settings["name"]).lower()
        ]
        return json_reply({"webhooks": found, "meta": {"has_more": False}, "links": {}})

    def add_webhook(self, request: Request) -> Reply:
        """Make a webhook."""
        webhook = self._admin.add_webhook(_webhook_in(request))
        return json_reply({"webhook": webhook.as_json()}, status=201)

    def show_webhook(self, _request: Request, webhook: str) -> Reply:
        """Show a webhook."""
        return json_reply({"webhook": self._webhook(webhook).as_json()})

    def change_webhook(self, request: Request, webhook: str) -> Reply:
        """Change a webhook: PUT all its settings, PATCH some; its subscriptions can't change.

        https://support.zendesk.com/hc/en-us/articles/4408839108378
        """
        found = self._webhook(webhook)
        sent = request.json().get("webhook") or {}
        whole = {**found.settings, **sent} if request.method == "PATCH" else _webhook_in(request)
        if whole.get("subscriptions") != found.settings.get("subscriptions"):
            raise _refused("InvalidSubscription", "Subscriptions cannot be changed")
        found.settings = dict(whole)
        return Reply(status=204)

    def delete_webhook(self, _request: Request, webhook: str) -> Reply:
        """Delete a webhook that no trigger uses."""
        found = self._webhook(webhook)
        if any(_uses(trigger.settings, found.id) for trigger in self._admin.triggers.values()):
            raise _refused("WebhookInUse", "Webhook is used by a trigger")
        del self._admin.webhooks[found.id]
        return Reply(status=204)

    def show_secret(self, _request: Request, webhook: str) -> Reply:
        """Show a webhook's signing secret."""
        return json_reply(_secret(self._webhook(webhook)))

    def reset_secret(self, _request: Request, webhook: str) -> Reply:
        """Give a webhook another signing secret, and show it."""
        found = self._webhook(webhook)
        found.secret = new_secret()
        return json_reply(_secret(found), status=201)

    def invocations(self, _request: Request, webhook: str) -> Reply:
        """List how each use of a webhook ended, the newest first."""
        found = self._webhook(webhook)
        items = [one.as_json() for one in found.invocations]
        return json_reply({"invocations": items, "meta": {"has_more": False}, "links": {}})

    def list_triggers(self, _request: Request) -> Reply:
        """List all triggers."""
        items = [one.as_json(self._base) for one in self._admin.triggers.values()]
        page = {"count": len(items), "next_page": None, "previous_page": None}
        return json_reply({"triggers": items, **page})

    def add_trigger(self, request: Request) -> Reply:
        """Make a trigger."""
        trigger = self._admin.add_trigger(self._trigger_in(request, {}))
        return json_reply({"trigger": trigger.as_json(self._base)}, status=201)

    def show_trigger(self, _request: Request, trigger: str) -> Reply:
        """Show a trigger."""
        found = self._admin.triggers.get(_number(trigger))
        if found is None:
            raise _not_found()
        return json_reply({"trigger": found.as_json(self._base)})

    def change_trigger(self, request: Request, trigger: str) -> Reply:
        """Change those settings of a trigger that are given."""
        found = self._admin.triggers.get(_number(trigger))
        if found is None:
            raise _not_found()
        found.settings = self._trigger_in(request, found.settings)
        return json_reply({"trigger": found.as_json(self._base)})

    def delete_trigger(self, _request: Request, trigger: str) -> Reply:
        """Delete a trigger."""
        if self._admin.triggers.pop(_number(trigger), None) is None:
            raise _not_found()
        return Reply(status=204)

    def categories(self, _request: Request) -> Reply:
        """List the one category that every account begins with."""
        items = [{"id": CATEGORY, "name": "Initial category", "position": 0}]
        return json_reply({"trigger_categories": items, "meta": {"has_more": False}})

    def _webhook(self, number: str) -> SandboxWebhook:
        try:
            return self._admin.webhooks[number]
        except KeyError:
            raise _not_found() from None

    def _trigger_in(self, request: Request, before: Json) -> Json:
        sent = {**before, **(request.json().get("trigger") or {})}
        if not sent.get("title"):
            raise invalid("title", "Title: cannot be blank", error="BlankValue")
        if not sent.get("actions"):
            raise invalid("base", "Actions: at least one is needed")
        conditions = sent.get("conditions") or {}
        for one in [*(conditions.get("all") or []), *(conditions.get("any") or [])]:
            if problem := problem_with(one):
                raise invalid("base", problem)
        for action in sent["actions"]:
            if action["value"][0] not in self._admin.webhooks:
                raise invalid("base", "Webhook: is invalid")
        return {name: value for name, value in sent.items() if name != "id"}

    def _made_routes(self) -> Routes:
        routes = Routes()
        for method, path, handler in (
            ("GET", "/webhooks", self.list_webhooks),
            ("POST", "/webhooks", self.add_webhook),
            ("GET", "/webhooks/{webhook}", self.show_webhook),
            ("PUT", "/webhooks/{webhook}", self.change_webhook),
            ("PATCH", "/webhooks/{webhook}", self.change_webhook),
            ("DELETE", "/webhooks/{webhook}", self.delete_webhook),
            ("GET", "/webhooks/{webhook}/signing_secret", self.show_secret),
            ("POST", "/webhooks/{webhook}/signing_secret", self.reset_secret),
            ("GET", "/webhooks/{webhook}/invocations", self.invocations),
            ("GET", "/triggers", self.list_triggers),
            ("POST", "/triggers", self.add_trigger),
            ("GET", "/triggers/{trigger}", self.show_trigger),
            ("PUT", "/triggers/{trigger}", self.change_trigger),
            ("DELETE", "/triggers/{trigger}", self.delete_trigger),
            ("GET", "/trigger_categories", self.categories),
        ):
            routes.add(method, f"/api/v2{path}", handler)
        return routes


def _webhook_in(request: Request) -> Json:
    sent = request.json().get("webhook") or {}
    if missing := sorted(_WEBHOOK_KEYS - set(sent)):
        raise _refused("InvalidRequest", f"missing: {', '.join(missing)}")
    return {name: value for name, value in sent.items() if name != "id"}


def _uses(trigger: Json, webhook_id: str) -> bool:
    return any(action["value"][0] == webhook_id for action in trigger.get("actions") or [])


def _secret(webhook: SandboxWebhook) -> Json:
    return {"signing_secret": {"secret": webhook.secret, "algorithm": "SHA256"}}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _not_found() -> ZendeskRefusal:
    body = {"error": "RecordNotFound", "description": "Not found"}
    return ZendeskRefusal(json_reply(body, status=404))


def _refused(code: str, title: str) -> ZendeskRefusal:
    body: dict[str, Any] = {"errors": [{"code": code, "title": title}]}
    return ZendeskRefusal(json_reply(body, status=400))
