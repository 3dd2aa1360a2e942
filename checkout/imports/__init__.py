"""Imports of customers in the station: uploads on disk, the process that reads them, the background work.

A sheet is taken apart by a child process with little memory and little priority: what people upload is not
trusted, and reading it would hold up the counter. May not import the web pages.
"""
