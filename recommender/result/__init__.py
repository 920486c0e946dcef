"""The answer as a value: its model, and the builder that makes it."""
