"""The visitor's pages: the chat with its page around it, and the same panel for frames."""
