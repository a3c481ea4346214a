"""Who is at the pages: signing in by token or single sign-on, sessions, and what each may do."""
