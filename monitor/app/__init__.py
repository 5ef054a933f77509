"""The program put together, and the life of the service."""
