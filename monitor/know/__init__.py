"""What is known of the projects, and what changes it besides a poll."""
