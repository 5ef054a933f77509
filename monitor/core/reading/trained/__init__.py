"""Reading by learnt weights: what goes into the encoder, and what its scores mean. Pure."""
