"""One module a step; its number is the database's version."""
