"""The web: a small HTTP server, and one module for each route."""
