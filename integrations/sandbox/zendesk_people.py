"""The people and groups of the sandbox's Zendesk; all made up."""

from dataclasses import dataclass

from integrations.sandbox.messages import Json

GROUP, OTHER_GROUP = 6130852536346, 6130852536347
SERVICE_USER, WORKER, REQUESTER = 6130907993114, 6130907993115, 6130869168922
ADMIN = 6130907993116
GROUPS = {GROUP: "2nd Line", OTHER_GROUP: "Access requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user of the account; `groups` are an agent's, the default one first."""

    id: int
    name: str
    email: str
    role: str
    groups: tuple[int, ...] = ()

    def as_json(self, base: str) -> Json:
        """Return the user as the API shows it; `base` is the account's address."""
        return {
            "id": self.id,
            "url": f"{base}/api/v2/users/{self.id}.json",
            "name": self.name,
            "email": self.email,
            "created_at": "2023-09-09T23:52:05Z",
            "updated_at": "2023-09-09T23:52:05Z",
            "time_zone": "Europe/London",
            "locale": "en-GB",
            "role": self.role,
            "verified": True,
            "active": True,
            "suspended": False,
            "default_group_id": self.groups[0] if self.groups else None,
            "tags": [],
        }


PEOPLE = (
    User(
        id=SERVICE_USER,
        name="Leavers service",
        email="leavers.service@example.gov.uk",
        role="admin",
        # Another default group than the tickets': an update with an assignee but no group moves
        # a ticket there, which tests have to notice.
        groups=(OTHER_GROUP, GROUP),
    ),
    User(
        id=WORKER,
        name="Wanda Worker",
        email="wanda.worker@example.gov.uk",
        role="agent",
        groups=(GROUP,),
    ),
    User(
        id=REQUESTER,
        name="Morgan Manager",
        email="morgan.manager@example.gov.uk",
        role="end-user",
    ),
    User(
        id=ADMIN,
        name="Avery Admin",
        email="avery.admin@example.gov.uk",
        role="admin",
    ),
)


def anonymous() -> Json:
    """Return the user that `users/me` shows if there are no valid credentials."""
    return {
        "id": None,
        "url": None,
        "name": "Anonymous user",
        "email": "invalid@example.com",
        "role": "end-user",
        "active": False,
        "verified": False,
        "locale": "en-GB",
        "time_zone": "Europe/London",
        "tags": [],
    }
