"""How tablets in the shop come to trust the station: the page that hands it out (row 197).

Owns the plain listener, which knows no session and gives nothing but the authority's certificate, and the
taking up of renewed certificates. Makes no certificate: ``comptoir certs web`` does, as root.
"""
