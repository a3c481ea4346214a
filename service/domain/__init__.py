"""The rules, as pure functions: no I/O, no clock, no vendor type, no settings."""
