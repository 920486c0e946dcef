"""Text that somebody hands in, to profiles, with everything that is wrong with it."""
