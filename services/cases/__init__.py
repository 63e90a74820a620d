"""Cases: the record of each child's case through its eight steps, and what is decided on it."""
