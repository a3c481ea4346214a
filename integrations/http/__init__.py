"""What the doors to all three vendors share: one session, one policy, one kind of error."""
