"""Contents of a page or a lesson about one tumour."""
