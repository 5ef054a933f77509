"""What the monitor answers on the web: a small server, and one module for each thing that it is asked."""
