"""Zendesk: tickets, their comments and updates, and the account's set-up."""
