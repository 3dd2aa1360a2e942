"""Releases, rollouts and the update agent.

Owns what is installed on which machine and how it gets there. Must not import ``kiosk``, ``checkout``,
``device`` or ``loyalty``: the agent outlives what it updates. So far the broker knows the agent's
certificate and topics; releases are installed by hand (``docs/operations.md``).
"""
