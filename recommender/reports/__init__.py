"""What a page or a teacher shows about one tumour."""
