"""A self-hosted support chat: visitor page, operators' desk and administration in one Reflex application."""

__version__ = "0.2.0"
