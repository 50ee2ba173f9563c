"""Reading mails: boxes, headers, bodies, and which mail answers which."""
