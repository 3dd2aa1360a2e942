"""Messages to members on their way out: the courier hands queued ones to a gateway, each once."""
