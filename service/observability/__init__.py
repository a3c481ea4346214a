"""Logs, error reports, traces and metrics: sinks that anything may use."""
