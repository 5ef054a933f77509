"""Reports of one project → what is known of it. Pure, and independent of the order in which they come."""
