"""Other registers beside the lanes (row 195): what they ask, done once; what they are told.

The same deeds answer HTTP (``checkout.api``) and MQTT. Translates between ``messaging.register`` and the
use cases; knows no web page.
"""
