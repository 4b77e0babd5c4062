"""The REST interface: the contract of the replaced system, health checks, the manual."""
