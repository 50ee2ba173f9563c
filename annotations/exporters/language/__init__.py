"""Texts as tokens, for formats that are made of them."""
