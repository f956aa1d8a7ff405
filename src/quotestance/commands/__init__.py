"""The commands, a module each, with a `register(app)`."""
