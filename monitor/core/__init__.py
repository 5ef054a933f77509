"""The pure core: functions from values to values, without I/O, clock or randomness."""
