"""What the service tells of itself: logs, figures, messages, traces and error reports."""
