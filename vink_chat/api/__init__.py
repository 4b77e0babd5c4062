"""The door of REST (FastAPI)."""
