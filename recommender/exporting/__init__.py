"""The knowledge, and answers, in formats of other programs. Each form carries the label."""
