"""The webhook and the triggers in Zendesk: which are wanted, and how they are put there."""
