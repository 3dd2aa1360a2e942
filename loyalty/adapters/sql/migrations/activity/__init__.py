"""What customers did: tables, the triggers that keep them whole, and the past read into them."""
