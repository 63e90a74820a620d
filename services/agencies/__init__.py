"""Agencies: who is there to help: teams, staff, service offers, and the pathways between needs and offers."""
