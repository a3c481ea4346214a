"""Finds the leaver among the entries of the access lists."""
