"""Which messages are sent at all, by the settings."""

import pytest

from service.config.environment import read_settings
from service.records.database import Database
from service.upkeep.tasks import message_tasks


# Apprise imports a module that is on its way out of Python.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("settings", "tasks"),
    [
        ({}, ["notify", "digest"]),
        ({"DIGEST_AT": "off"}, ["notify"]),
        ({"AFTER_DATE": "false"}, ["notify"]),
        ({"NOTIFY_URLS": ""}, []),
    ],
)
def test_the_message_of_the_day_is_sent_unless_it_or_the_look_is_turned_off(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    settings: dict[str, str],
    tasks: list[str],
) -> None:
    for name, value in (environment | {"NOTIFY_URLS": "json://127.0.0.1:9"} | settings).items():
        monkeypatch.setenv(name, value)

    database = Database(environment["DATABASE_URL"], most_connections=1)

    assert [task.name for task in message_tasks(read_settings(), database)] == tasks
