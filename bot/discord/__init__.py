"""Discord: the desk's commands for the members of a server. Acknowledge first, then work in a thread, then answer."""
