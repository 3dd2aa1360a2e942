"""The signed documents: what a release consists of, and who should run which one now.

Owns their models and the rules a device needs to read them. Must not import the agent, the signing side or
any toolkit: both ends of the wire share it.
"""
