"""The operators' pages under ``/desk``: what happened, what is asked, and the answers."""
