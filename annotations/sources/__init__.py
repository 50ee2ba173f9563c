"""Sources: files, folders and streams as importers are given them, as bytes, lines or clean text."""
