"""Helpers of the tests: generators, inputs, and ways to run the program."""
