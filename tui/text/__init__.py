"""The text engine: pure functions, no app."""
