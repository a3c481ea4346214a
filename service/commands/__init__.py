"""What each command of `leavers` does, one module a command."""
