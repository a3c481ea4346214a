"""The tables, as numbered steps: each is applied once, in order, and never changed later."""
