"""Rules and data of the trade: plain frozen dataclasses and pure functions, no input or output."""
