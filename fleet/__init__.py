"""Releases, rollouts and the update agent.

Owns what is installed on which machine and how it gets there: the signed documents, the tool that makes and
signs them, the agent on each device, and the rules of the rollout desk. Must not import ``kiosk``,
``checkout``, ``device`` or ``loyalty``: the agent outlives what it updates.
"""
