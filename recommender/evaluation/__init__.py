"""Conclusions from a profile, and the reasons: facts, proofs, gaps, explanations."""
