"""From a ticket's text to what it says about its leaver, each detail with where it stands."""
