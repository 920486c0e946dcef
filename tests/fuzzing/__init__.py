"""Fuzzing of every entrance of the program: made inputs go in, and laws are checked on what comes out.

`make fuzz` runs all entrances for a time and prints a table; `make fuzz ENTRANCE=maf SEED=17 INPUTS=1` tries
one input again. Each input comes from a whole number and the name of its entrance, and from nothing else.
"""
