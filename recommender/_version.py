"""The version of the program; that of the knowledge stands in the rule base."""

VERSION = "2.0.0"
