"""What the monitor knows how to do without touching the world: values in, values out; no I/O, no clock, no chance."""
