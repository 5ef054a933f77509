"""When a feed is asked next, and which hubs are asked to push it. Pure."""
