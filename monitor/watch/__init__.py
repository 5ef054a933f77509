"""What the configuration watches, and what follows from new reports."""
