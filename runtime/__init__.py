"""What every process shares: configuration, clock, ids, errors, lifecycle, logs, systemd notification.

Owns nothing of the trade. Must not import any other package of the project; everybody may import it.
"""
