"""The translations (``locale/``) and templates of messages, shipped and own."""
