"""What the daemon and the bot agree on: tables, lifecycles, settings. The only thing that they share."""
