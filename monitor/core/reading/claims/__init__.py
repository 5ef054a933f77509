"""Events, each with its project and its date → claims, as sure as their grounds. Pure."""
