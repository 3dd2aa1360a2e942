"""Tests mirror the source: unit, contract (one suite a port), integration, ui; fakes and the rows record beside them."""
