"""Every setting, typed; the only reader of the environment."""
