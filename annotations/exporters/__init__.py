"""One module for each dataset format."""
