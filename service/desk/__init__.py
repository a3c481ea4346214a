"""The operators' pages under /desk."""
