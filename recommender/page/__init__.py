"""The local page as functions from an address to HTML; it knows no server."""
