"""Why the database can't be used, in words that say what to fix, and that quote nothing.

An error's own text may hold the address, which holds a password: only what it is about is taken
from it. https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import psycopg
from psycopg import errors

from service.records.database import SchemaError

# Errors that another try may cure: the server, the network, or maintenance.
# Other errors mean that a statement is wrong: trying again would not help.
MAY_PASS = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
    # Tables that are being moved, put back or brought up to date, and rights that are being set.
    errors.InsufficientPrivilege,
    errors.InvalidSchemaName,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.UndefinedTable,
    # Two at once.
    errors.ForeignKeyViolation,
    errors.UniqueViolation,
    # A session that is not the one it was: behind a pooler, or after its tables changed.
    errors.DuplicatePreparedStatement,
    errors.FeatureNotSupported,
    errors.InvalidSqlStatementName,
)
UNKNOWN = "It can't be reached or refuses. Check DATABASE_URL and the server."
_NO_AUTHORITY = (
    "There is no file of certificate authorities to check the server's certificate with. Name one "
    "with sslrootcert=… in DATABASE_URL."
)
_BAD_CERTIFICATE = (
    "The server's certificate is not signed by an authority in sslrootcert, or is made for another "
    "host. Check sslrootcert and the host in DATABASE_URL."
)
_NO_TLS = "The server does not support TLS. Turn it on there, or check sslmode in DATABASE_URL."
_REFUSED = "The server refuses the user or the password. Check both in DATABASE_URL."
_NOT_LET_IN = (
    "pg_hba.conf does not allow this user from here, or not without TLS. Check it on the server, "
    "and sslmode in DATABASE_URL."
)
_NO_DATABASE = (
    "The server has no database of this name. Make it, empty, or check the name in DATABASE_URL."
)
_NO_HOST = "The host's name is not found. Check it in DATABASE_URL."
_NOBODY = "Connection refused. Check host and port in DATABASE_URL, and whether the server runs."
_NO_ANSWER = (
    "The server does not answer in time. Check the host in DATABASE_URL, and whether the network "
    "lets the service through."
)
_FULL = "The server accepts no more connections. Raise its max_connections, or end what holds them."
_STARTING = "The server is starting up or shutting down. Try again in a moment."
_NO_TRANSACTIONS = (
    "The pooler before it lends connections for single statements, and the service needs "
    "transactions. Set its pool_mode to transaction or session, or let DATABASE_URL lead past it."
)
_ODD_PARAMETER = (
    "The pooler before it does not take one of the parameters in DATABASE_URL. Remove options=… "
    "there, or add it to the pooler's ignore_startup_parameters."
)
_POOLER_WAITS = (
    "The pooler before it got no connection to the server in time. Check that the server runs, and "
    "raise the pooler's pool size or the server's max_connections."
)
_NO_RIGHT = (
    "The user may not do this. Make it the owner of the tables, and let it make them: "
    "GRANT CREATE ON SCHEMA public TO …"
)
_NO_TABLES = (
    "The service's tables do not exist yet, or not up to date. Start the service once: it makes "
    "them."
)
_READ_ONLY = (
    "The server is read-only. Let DATABASE_URL lead to the primary, and check the user's rights."
)

_BY_STATE = {
    "28000": _REFUSED,
    "28P01": _REFUSED,
    "3D000": _NO_DATABASE,
    "25006": _READ_ONLY,
    "42501": _NO_RIGHT,
    "42703": _NO_TABLES,
    "42P01": _NO_TABLES,
    "53300": _FULL,
    "57P03": _STARTING,
}
# If no connection was made, there is no code, only what libpq or psycopg say.
_BY_TEXT = (
    ("statement pooling", _NO_TRANSACTIONS),
    ("unsupported startup parameter", _ODD_PARAMETER),
    ("query_wait_timeout", _POOLER_WAITS),
    ("cannot connect to server", _POOLER_WAITS),
    ("server login has been failing", _POOLER_WAITS),
    ("more connections allowed", _FULL),
    ("no such user", _REFUSED),
    ("no such database", _NO_DATABASE),
    ("root certificate file", _NO_AUTHORITY),
    ("certificate verify failed", _BAD_CERTIFICATE),
    ("does not match host name", _BAD_CERTIFICATE),
    ("server does not support ssl", _NO_TLS),
    ("pg_hba.conf", _NOT_LET_IN),
    ("authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("fatal:  role ", _REFUSED),
    ("fatal:  database ", _NO_DATABASE),
    ("failed to resolve host", _NO_HOST),
    ("could not translate host name", _NO_HOST),
    ("too many ", _FULL),
    ("connection slots", _FULL),
    ("is starting up", _STARTING),
    ("is shutting down", _STARTING),
    ("connection refused", _NOBODY),
    ("no such file or directory", _NOBODY),
    ("timeout expired", _NO_ANSWER),
    ("timed out", _NO_ANSWER),
    ("no route to host", _NO_ANSWER),
    ("network is unreachable", _NO_ANSWER),
)


def describe_error(error: Exception) -> str:
    """Say what is wrong with the database, and what to do."""
    if isinstance(error, SchemaError):
        return f"{error}."
    state = getattr(error, "sqlstate", None)
    if state in _BY_STATE:
        return _BY_STATE[state]
    text = str(error).casefold()
    return next((problem for part, problem in _BY_TEXT if part in text), UNKNOWN)
