"""The Kivy side: widgets, one screen per step, and the stage they stand on.

Import only after :func:`kiosk.window.prepare`: Kivy opens its window on import.
"""
