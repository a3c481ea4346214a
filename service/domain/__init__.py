"""Pure thinking: no I/O, no clock, no vendor type, no settings."""
