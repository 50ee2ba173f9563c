"""Reading pages: the tree, the article, and comments in the markup of each kind of site."""
