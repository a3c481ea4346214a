"""The leaver-processing service: a leaver ticket becomes a card and a solved ticket."""
