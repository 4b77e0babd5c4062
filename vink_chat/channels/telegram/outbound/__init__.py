"""What goes to Telegram: chats are compared with the database, the difference goes into the outbox and is delivered."""
