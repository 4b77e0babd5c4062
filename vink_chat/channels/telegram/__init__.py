"""The operators' desk in Telegram. Imported only where a token is set."""
