"""From the bus to the workflows."""
