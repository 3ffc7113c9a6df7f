"""The special desks, asked without a socket."""
