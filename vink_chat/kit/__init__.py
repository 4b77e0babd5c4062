"""The foundation: database, signals, clock, words, errors. It knows no room."""
