"""The three vendors over real HTTP and a throwaway PostgreSQL, for the demo and the tests."""

from integrations.sandbox.postgres import Postgres
from integrations.sandbox.sandbox import OPERATORS, Sandbox

__all__ = ["OPERATORS", "Postgres", "Sandbox"]
