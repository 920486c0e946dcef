"""Suggestions, their scores and their order, and how sure that order is."""
