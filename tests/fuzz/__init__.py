"""Bounded fuzzing of what strangers' bytes reach first; run by ``make fuzz``, not by ``make test``."""
