"""Collectors, batches, observations and whose they are."""
