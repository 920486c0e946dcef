"""`python -m generate` writes the made pages into the folder `docs`, in which this package is."""

from pathlib import Path

from recommender import Recommender

from . import made_pages

DOCS = Path(__file__).resolve().parent.parent

for name, text in made_pages(Recommender(engine="plain").base).items():
    (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
    (DOCS / name).write_text(text, encoding="utf-8")
