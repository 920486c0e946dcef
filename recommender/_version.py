"""The version of the program; that of the knowledge stands in the rule base."""

VERSION = "0.1.0"
