"""The catalogue as staff keep it: lists, forms, files.

Translates between what is typed and the domain; may import loyalty. Must not import the web application.
"""
