"""Changes → who hears of them, where, when, and in which message. Pure."""
