"""Who left the lists lately is kept as long as is looked back, and no longer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.postgres import Postgres
from service.domain.removed import RemovedEntry
from service.records.database import Database, ensure_schema
from service.records.removed import HistoryProgress, RemovedRecords
from service.records.retention import Retention
from tests.support.values import an_entry

DAYS_90 = timedelta(days=90)


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    url = postgres.create_database()
    ensure_schema(url)
    database = Database(url, most_connections=2)
    database.open()
    yield database
    database.close()


def ago(days: float) -> datetime:
    return (datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0)


def test_entries_come_back_as_they_were_the_last_first(database: Database) -> None:
    records = RemovedRecords(database, look_back=DAYS_90)
    jane = an_entry(other_names=("Janey", "Jane Roe"))
    uma = an_entry(id="u" * 16, name="", email=None, github=None, ssh="uma")
    early, late = ago(3), ago(1)
    records.begin("c0")

    records.add([jane], commit="c1", at=early, is_seen=True)
    records.add([uma, jane], commit="c2", at=late, is_seen=True)
    records.add([uma], commit="c2", at=late, is_seen=True)

    found = records.all()
    assert found[2] == RemovedEntry(entry=jane, commit="c1", at=early)
    assert {one.entry for one in found[:2]} == {jane, uma}
    assert records.begin("c9") == HistoryProgress(
        first_commit="c0", seen_commit="c2", is_seeded=False
    )


def test_what_is_older_is_not_kept_and_is_erased(database: Database) -> None:
    records = RemovedRecords(database, look_back=DAYS_90)
    records.add([an_entry()], commit="c1", at=ago(91), is_seen=False)
    records.add([an_entry()], commit="c2", at=ago(89), is_seen=False)
    shorter = RemovedRecords(database, look_back=timedelta(days=30))

    kept = [one.commit for one in records.all()]
    seen_by_shorter = shorter.all()
    Retention(database, shorter, keep_days=90, until_days=60).erase()

    assert (kept, seen_by_shorter, records.all()) == (["c2"], (), ())
