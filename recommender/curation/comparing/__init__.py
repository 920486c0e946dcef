"""Two rule bases or claim registers side by side: what they assert, and what they would answer."""
