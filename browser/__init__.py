"""Builds the program as static files that a browser runs: `python -m browser FOLDER`."""
