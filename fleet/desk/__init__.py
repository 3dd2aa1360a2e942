"""The rollout desk: which devices get a release when, what their reports mean, and when to stop.

Owns the rules and their store; the station runs it and shows it. Must not import ``checkout``, ``loyalty`` or
the agent's side.
"""
