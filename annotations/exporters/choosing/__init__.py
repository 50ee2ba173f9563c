"""The choices of an export: which posts and labels, of whom, in which splits, with how much of their thread."""
