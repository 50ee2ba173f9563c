"""Reading flattened pages: the outline of a text, which of its entries are comments, and who wrote them."""
