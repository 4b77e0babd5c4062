"""What comes from Telegram: an update is received, read, routed to whom it concerns, and answered by the outbox."""
