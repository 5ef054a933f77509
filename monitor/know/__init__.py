"""What is known about the projects, and what changes it besides a poll."""
