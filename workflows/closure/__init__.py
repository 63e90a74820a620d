"""A closure: settling, request, approval, look back, archive."""
