"""The rules of casework: standard library only, no clock, no I/O, no await."""
