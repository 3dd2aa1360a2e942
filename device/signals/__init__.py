"""Light and beeper of a counter without a screen: what a customer's screen would say, in colours and tones.

Imports no scanner and no decoding; gpiozero is imported in ``gpio_outputs`` only.
"""
