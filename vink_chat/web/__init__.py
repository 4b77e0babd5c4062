"""The floor below the pages: the server, what one connection may cost, and what reaches the log."""
