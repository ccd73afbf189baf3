"""Measurements, one a file; see setup/bench.py."""
