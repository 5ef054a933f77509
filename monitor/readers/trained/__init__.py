"""The trained reader: a small multilingual encoder on the CPU."""
