"""Use cases: one module each. They take an entered unit of work and never commit it.

An ordinary refusal is returned as ``loyalty.domain.why.Refused``; a missing permission or an id that no
page could have offered raises.
"""
