"""How well articles were read, beside the labels that people gave. Pure."""
