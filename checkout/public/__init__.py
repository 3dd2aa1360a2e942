"""The public door: what phones and providers outside the shop may reach (row 196).

A listener of its own with the members' pages, the opt-out pages, signed inbound SMS and a probe; everything
else answers 404 there. It knows neither staff pages nor till nor demo, and must not import them.
"""
