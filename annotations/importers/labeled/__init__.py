"""Reading what was labeled elsewhere: documents, their annotations, and what Postil keeps beside them."""
