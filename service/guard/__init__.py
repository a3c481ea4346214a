"""Whether a call to a vendor may be made now."""
