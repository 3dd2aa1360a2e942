"""The lanes' receipt printers: reaches them, keeps what waits, says what is away.

Runs on a thread of its own; no sale ever waits for paper. Must not import the web application.
"""
