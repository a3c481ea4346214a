"""Whether a call to a vendor may be made now, and the ways to the vendors that ask that first."""
