"""The ``comptoir`` command and the demo: the only place that puts processes together.

May import every other package; none may import it.
"""
