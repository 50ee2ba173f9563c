"""Who wrote a text, hidden: pseudonyms for names, and texts without addresses and numbers."""
