"""What people may do to a case: each command loads, decides, saves and says so, in one transaction."""
