"""Threads as documents of other tools: what of a thread is what in each."""
