"""Visitors (one per browser) and the last position in their threads."""
