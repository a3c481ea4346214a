"""What `leavers check` looks at, one module a system."""
