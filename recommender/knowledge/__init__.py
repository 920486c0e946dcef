"""The knowledge: rule files as typed records, their vocabulary, and their compiled form."""
