"""New devices join: the station's side of pairing, and the way to the process that signs.

Nothing here holds a key that signs; only :mod:`checkout.pairing.signer_client` asks who does.
"""
