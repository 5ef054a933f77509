"""Words for days and periods → periods, from the day of publication. Pure."""
