"""All SQL about leavers, and the connection to PostgreSQL."""
