"""Reading with trained weights: the input of the encoder, and what its scores mean. Pure."""
