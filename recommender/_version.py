"""The version of the program; that of the knowledge is in the rule base."""

VERSION = "2.0.0"
