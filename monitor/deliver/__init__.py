"""One delivery, from the outbox to the destination."""
