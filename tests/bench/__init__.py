"""Measurements, not tests: one JSON object a line, with a plain baseline from the same run.

Machines are noisy and shared, so a figure stands beside what the same machine did at the same time with
nothing of ours in it; the ratio is what can be compared over time.
"""
