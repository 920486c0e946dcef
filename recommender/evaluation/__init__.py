"""What follows from a profile, and why: facts, proofs, gaps, explanations."""
