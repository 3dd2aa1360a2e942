"""The customer's screen: session, words, theme and Kivy screens.

Owns what a customer sees and touches, and nothing that outlives their session. It has no network, no
keys and no database: it talks to the device process over a Unix socket. Imports messaging and runtime
only; must not import loyalty, codes, device or checkout.
"""
