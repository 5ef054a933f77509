"""What is watched, as the configuration says, and what follows from new reports."""
