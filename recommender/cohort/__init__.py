"""Cohorts: the rule base as columnar expressions, on one machine or on Spark (extras `cohort`, `spark`)."""
