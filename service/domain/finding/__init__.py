"""Names and identities compared: who in the lists may be the leaver, and how sure that is."""
