"""What other programs are given of the ledger, and what it takes from them."""
