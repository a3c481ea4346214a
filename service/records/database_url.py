"""Which texts are addresses of a PostgreSQL."""

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


def is_database_url(text: str) -> bool:
    """Return whether a text is an address such as ``postgresql://user:password@host/database``."""
    try:
        conninfo_to_dict(text)
    except ProgrammingError:
        return False
    return text.startswith(("postgresql://", "postgres://"))
