"""The pricing engine: lines → group discount → rewards → totals → taxes → points, each with its why.

Pure and deterministic: the same sale and terms give the same quote whatever the order in which lines,
member and rewards were attached. What the till previews and what is booked come from the same call.
"""
