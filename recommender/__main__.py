"""`python -m recommender` is the command `recommender`."""

from .cli import main

main()
