"""A change and what is known of its project → the message that a person reads. Pure."""
