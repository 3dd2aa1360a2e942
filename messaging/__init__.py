"""What the processes say to each other: message models, codec, topics, sealing, MQTT link, local socket.

One module per message; each model carries an example that the generated documents and the tests use.
Owns the wire; knows no rule of the trade. Imports runtime only. Must not import loyalty, device,
kiosk, checkout or fleet.
"""
