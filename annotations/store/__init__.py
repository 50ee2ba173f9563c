"""All SQL of Postil lives here."""
