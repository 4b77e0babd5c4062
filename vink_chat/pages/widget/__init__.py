"""The chat on other sites: the loader as it is served, and a sample shop with it."""
