"""Checks of the knowledge: findings, coverage, differences."""
