"""What the till page of a lane shows: one view model for the page, its live stream and its JSON."""
