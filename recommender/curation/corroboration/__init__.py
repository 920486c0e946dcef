"""An independent look at the rules: drug screens of cell lines, in which they were not found."""
