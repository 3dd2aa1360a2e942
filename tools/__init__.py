"""Commands for whoever builds the project; nothing here ships, and nothing that ships imports it."""
