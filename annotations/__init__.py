"""The domain of Postil: threads, labels, their store and their formats. No user interface."""
