"""Where a data set is written: files and folders that appear whole or not at all."""
