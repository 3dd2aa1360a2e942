"""Stand-ins with behaviour: each satisfies the port it stands for."""
