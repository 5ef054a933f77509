"""What operators decide of what was read, and what they should look at. Pure."""
