"""The staff's pages about the programme, without the web."""
