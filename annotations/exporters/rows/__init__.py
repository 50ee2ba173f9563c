"""The posts of a data set with their annotations, as records and as the rows of tables."""
