"""The administrators' pages: one module a page, with its State beside it."""
