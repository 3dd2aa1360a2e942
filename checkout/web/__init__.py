"""The station's web pages: staff, till, member status, health, and the demo's one page.

Server-rendered; every page works without JavaScript where it can. Nothing is loaded from elsewhere.
"""
