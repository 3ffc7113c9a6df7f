"""The HTTP API: every command and query of the application, over TCP and over a socket for the command line."""
