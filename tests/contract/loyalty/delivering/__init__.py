"""Messages to members: when they go out, what answers do, what a link stops."""
