"""One module for each source format."""
