"""Foundations that know no room: database, signals, rate limits, time, texts, errors."""
