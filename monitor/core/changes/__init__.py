"""What is known before and after → changes. Pure."""
