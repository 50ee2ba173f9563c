"""What importers of many formats share: JSON and XML read as far as they can be, and threads made of records."""
