"""The door of the browser: pages, their States, and the guards in front of them. One module a page."""
