"""When a feed is polled next, and the subscriptions at hubs. Pure."""
