"""What people may read of cases: each answer holds the sections that the viewer sees, and no other."""
