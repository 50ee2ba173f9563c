"""Reading tables: files of rows, what their columns hold, and the posts made of them."""
