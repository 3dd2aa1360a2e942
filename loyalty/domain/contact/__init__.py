"""Decisions about messages to members, before any gateway: hours, limits, replies, one-time codes."""
