"""Made-up people for measuring the finder of duplicates: pools of names, persons with households, slips of the pen.

Everything comes from a seed; nobody in it is real.
"""
