"""The browsers that write to us, and the places of their threads."""
