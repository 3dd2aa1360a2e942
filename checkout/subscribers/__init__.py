"""What devices say, taken in: message → use case → result, exactly once.

The name of the sender is the one in the topic, which the broker vouches for; what the payload says about
it must agree. Trust is set by the station's use cases alone.
"""
