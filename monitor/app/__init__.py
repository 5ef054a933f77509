"""Assembles the program and runs the service."""
