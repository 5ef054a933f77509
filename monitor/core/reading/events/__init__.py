"""What is told to have happened, to be coming, or not to be so. Pure."""
