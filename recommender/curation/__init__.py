"""Whether the knowledge is in order: checks, coverage, differences."""
