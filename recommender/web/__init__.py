"""The same answers as a local page and a JSON API (extra `web`). Keeps nothing and calls nobody."""
