"""One ticket, from its job in the queue to its result."""
