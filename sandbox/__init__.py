"""Stand-ins on loopback for the services that captionwatch talks to, and the demo. Imports nothing of ours."""
