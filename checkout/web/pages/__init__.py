"""The routes, one module per page or group of posts."""
