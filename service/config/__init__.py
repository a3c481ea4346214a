"""Every setting, typed, and what is made of them; the only reader of the environment."""
