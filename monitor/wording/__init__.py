"""What messages are written with: the words of each language (``locale/``) and the templates, shipped and own."""
