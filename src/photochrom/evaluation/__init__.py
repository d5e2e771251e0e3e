"""Measuring colorizers: metrics, models of every kind, intervals, the report."""
