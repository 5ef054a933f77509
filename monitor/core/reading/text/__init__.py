"""Text as it is compared and cut, and what is found in it by patterns. Knows no project and no stage. Pure."""
