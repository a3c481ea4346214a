"""Trello: the board, its cards and the template cards."""
