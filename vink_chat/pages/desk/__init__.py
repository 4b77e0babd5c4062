"""The operators' desk: the queue on the left, the thread in the middle, the visitor on the right."""
