"""The terminal interface of Postil: the commands and the app."""
