"""GitHub: the access lists, read at one commit."""
