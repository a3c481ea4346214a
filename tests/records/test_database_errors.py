"""Each cause of a database failure is named, and nothing of the address is quoted."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from integrations.sandbox.postgres import Postgres
from service.records.database import ensure_schema, try_connection
from service.records.database_errors import UNKNOWN, describe_error
from tests.conftest import RunCommand

USER, PASSWORD, NAME = "hidden-user", "hidden-word", "hidden-name"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server that is reached over TCP, with a password."""
    with Postgres(tcp=True) as server:
        yield server


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """Something that answers the request for TLS, and nothing after it; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer_once() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(8)
                connection.sendall(answer)
                connection.recv(8)

        thread = threading.Thread(target=answer_once, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(30)


def problem_at(url: str, use: Callable[[str], None] = try_connection) -> str:
    """What is said of an address that can't be used."""
    with pytest.raises(psycopg.Error) as raised:
        use(url)
    problem = describe_error(raised.value)
    assert "hidden" not in problem
    return problem


def test_a_wrong_password_and_an_unknown_user_are_the_same(server: Postgres) -> None:
    right = server.dsn()

    wrong = problem_at(right.replace(right.split(":")[2].split("@")[0], PASSWORD))
    unknown = problem_at(right.replace("//postgres:", f"//{USER}:"))

    assert wrong == unknown
    assert wrong.startswith("The server refuses the user or the password.")


def test_a_database_that_is_not_there_is_named_as_that(server: Postgres) -> None:
    problem = problem_at(server.dsn(NAME))

    assert problem.startswith("The server has no database of this name.")


def test_a_host_that_nobody_knows_and_one_where_nobody_listens_differ() -> None:
    unknown = problem_at(f"postgresql://{USER}:{PASSWORD}@{NAME}.invalid/{NAME}")
    silent = problem_at(f"postgresql://{USER}:{PASSWORD}@127.0.0.1:9/{NAME}")

    assert unknown.startswith("The host's name is not found.")
    assert silent.startswith("Connection refused.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"S", "Name one with sslrootcert=… in DATABASE_URL."),
        (b"N", "The server does not support TLS."),
    ],
    ids=["no authority", "no tls"],
)
def test_what_is_wrong_with_tls_is_named(answer: bytes, said: str) -> None:
    with answering(answer) as port:
        problem = problem_at(
            f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/{NAME}"
            "?sslmode=verify-full&sslrootcert=/nowhere/hidden.crt"
        )

    assert said in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SSL error: certificate verify failed", "Check sslrootcert"),
        ('server certificate for "hidden" does not match host name "hidden"', "Check sslrootcert"),
        ("could not get home directory to locate root certificate file", "sslrootcert=…"),
        ('FATAL:  no pg_hba.conf entry for host "hidden", user "hidden"', "pg_hba.conf"),
        ("FATAL:  sorry, too many clients already", "accepts no more connections"),
        ("connection timeout expired", "does not answer in time"),
        ("something of hidden meaning", UNKNOWN),
    ],
)
def test_what_can_be_known_by_its_words_alone_is_named(text: str, said: str) -> None:
    problem = describe_error(psycopg.OperationalError(text))

    assert said in problem
    assert "hidden" not in problem


def test_a_user_who_may_not_make_the_tables_is_named(server: Postgres) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE ROLE hidden_user LOGIN PASSWORD 'hidden-word'")
    address = server.dsn().rpartition("@")[2]

    problem = problem_at(f"postgresql://hidden_user:{PASSWORD}@{address}", ensure_schema)

    assert "GRANT CREATE ON SCHEMA public TO" in problem


def test_tables_that_are_not_made_yet_are_named(
    run_leavers: RunCommand, postgres: Postgres
) -> None:
    ended = run_leavers("pilot", DATABASE_URL=postgres.create_database())

    assert (ended.exit_code(), ended.stdout) == (1, "")
    assert ended.stderr == (
        "Database: The service's tables do not exist yet, or not up to date. Start the service "
        "once: it makes them.\n"
    )


def test_a_pilot_says_why_the_database_cannot_be_reached(run_leavers: RunCommand) -> None:
    ended = run_leavers("pilot", DATABASE_URL="postgresql://u:hidden-word@127.0.0.1:9/leavers")

    assert (ended.exit_code(), ended.stderr.partition(".")[0]) == (
        1,
        "Database: Connection refused",
    )
